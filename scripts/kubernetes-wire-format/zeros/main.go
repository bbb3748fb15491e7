// Writes data/kubernetes-zeros.json: what the official Go types make of members that are not said, or said to be zero. Run by
// hand when a new version of Kubernetes brings kinds or fields:
//
//	cd scripts/kubernetes-wire-format && go run ./zeros > ../../data/kubernetes-zeros.json
//
// For each type: `dropped`, the scalars, lists and maps whose zero is left out, and `written`, what is always there, with its
// zero; a type's name stands for the zero of that type.
package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
)

type zeros struct {
	Dropped []string          `json:"dropped,omitempty"`
	Written map[string]string `json:"written,omitempty"`
}

var types = map[string]*zeros{}

func main() {
	all := runtime.NewScheme()
	must(scheme.AddToScheme(all))
	must(apiextensions.AddToScheme(all))
	for gvk, t := range all.AllKnownTypes() {
		if strings.ContainsAny(gvk.Version, "ab_") || strings.HasSuffix(gvk.Kind, "List") || strings.HasSuffix(gvk.Kind, "Options") || gvk.Kind == "WatchEvent" {
			continue
		}
		describe(t)
	}
	var written []string
	for _, name := range slices.Sorted(maps.Keys(types)) {
		if len(types[name].Dropped) == 0 && len(types[name].Written) == 0 {
			continue
		}
		slices.Sort(types[name].Dropped)
		value, err := json.Marshal(types[name])
		must(err)
		written = append(written, fmt.Sprintf("%q: %s", name, value))
	}
	fmt.Printf("{\n%s\n}\n", strings.Join(written, ",\n"))
}

func nameOf(t reflect.Type) string {
	return strings.NewReplacer("k8s.io/api/", "", "k8s.io/apimachinery/pkg/apis/", "", "k8s.io/apiextensions-apiserver/pkg/apis/", "", "/", ".").
		Replace(t.PkgPath()) + "." + t.Name()
}

// describe notes a type and all that it is made of.
func describe(t reflect.Type) {
	if t.Implements(reflect.TypeFor[json.Marshaler]()) || reflect.PointerTo(t).Implements(reflect.TypeFor[json.Marshaler]()) {
		return
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		describe(t.Elem())
	case reflect.Struct:
		name := nameOf(t)
		if types[name] == nil {
			types[name] = &zeros{Written: map[string]string{}}
			note(types[name], t)
		}
	}
}

func note(into *zeros, t reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag := strings.Split(f.Tag.Get("json"), ",")
		if f.Anonymous && tag[0] == "" {
			if f.Type.Kind() == reflect.Struct {
				note(into, f.Type)
			}
			continue
		}
		if tag[0] == "" || tag[0] == "-" {
			continue
		}
		describe(f.Type)
		isOmitted := slices.Contains(tag, "omitempty") || slices.Contains(tag, "omitzero")
		encoded, err := json.Marshal(reflect.Zero(f.Type).Interface())
		must(err)
		switch {
		case f.Type.Kind() == reflect.Pointer:
			if !isOmitted {
				into.Written[tag[0]] = "null"
			}
		case f.Type.Kind() == reflect.Struct:
			if slices.Contains(tag, "omitzero") {
				continue
			}
			if types[nameOf(f.Type)] != nil {
				into.Written[tag[0]] = nameOf(f.Type)
			} else {
				into.Written[tag[0]] = string(encoded)
			}
		case isOmitted:
			into.Dropped = append(into.Dropped, tag[0])
		default:
			into.Written[tag[0]] = string(encoded)
		}
	}
}

func must(err error) {
	if err != nil {
		panic("kubernetes-zeros: " + err.Error())
	}
}
