// Decides cases by kube-scheduler's own packages: reads them as JSON lines, and writes them with their decisions.
//
//	npm run differential -- --print --cases 1000 --seed 7 | go run . > decided.jsonl
//	npm run differential -- decided.jsonl
//
// The version of kube-scheduler is the one in go.mod; a case is written with that version, whatever it said before.
package main

import (
	"bufio"
	"encoding/json"
	"log"
	"os"
	"runtime/debug"
	"strings"

	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

func main() {
	klog.SetLogger(logr.Discard())
	version := schedulerVersion()
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<28)
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for line := 1; in.Scan(); line++ {
		decided, err := decideLine(in.Bytes(), version)
		if err != nil {
			log.Printf("line %d is left out: %v", line, err)
			continue
		}
		out.Write(append(decided, '\n'))
	}
	if err := in.Err(); err != nil {
		log.Fatal(err)
	}
}

func decideLine(line []byte, version string) ([]byte, error) {
	// The case is written as it was read, as far as it is not understood here.
	var members map[string]json.RawMessage
	if err := json.Unmarshal(line, &members); err != nil {
		return nil, err
	}
	var input Case
	if err := json.Unmarshal(line, &input); err != nil {
		return nil, err
	}
	decision, err := decide(&input)
	if err != nil {
		return nil, err
	}
	if members["decision"], err = json.Marshal(decision); err != nil {
		return nil, err
	}
	if members["kubernetesVersion"], err = json.Marshal(version); err != nil {
		return nil, err
	}
	return json.Marshal(members)
}

// schedulerVersion is the version of the packages that this program was built with.
func schedulerVersion() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "k8s.io/kubernetes" {
			return strings.TrimPrefix(module.Version, "v")
		}
	}
	log.Fatal("built without k8s.io/kubernetes")
	return ""
}
