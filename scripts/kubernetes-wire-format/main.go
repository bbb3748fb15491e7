// Writes data/kubernetes-wire-format.json: how Kubernetes puts its objects into protobuf, as the official Go types say in
// their tags. Run by hand when a new version of Kubernetes brings kinds or fields:
//
//	cd scripts/kubernetes-wire-format && go run . > ../../data/kubernetes-wire-format.json
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

// A field is [its name in JSON, its type, what marks it].
// The name is empty where the members of the message stand in the enclosing object.
type field [3]string

type message map[string]field

// scalars, and messages that JSON writes in a way of its own.
var special = map[string]string{
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":                                             "time",
	"k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime":                                        "microTime",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":                                         "duration",
	"k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1":                                         "fields",
	"k8s.io/apimachinery/pkg/api/resource.Quantity":                                         "quantity",
	"k8s.io/apimachinery/pkg/util/intstr.IntOrString":                                       "intOrString",
	"k8s.io/apimachinery/pkg/runtime.RawExtension":                                          "raw",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSON":                         "raw",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrArray":       "schemaOrList",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrBool":        "schemaOrBool",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrStringArray": "schemaOrStrings",
}

var messages = map[string]message{}

func main() {
	all := runtime.NewScheme()
	must(scheme.AddToScheme(all))
	must(apiextensions.AddToScheme(all))
	kinds := map[string]string{}
	for gvk, t := range all.AllKnownTypes() {
		isOption := strings.HasSuffix(gvk.Kind, "Options") && gvk.String() != "/v1, Kind=DeleteOptions" || gvk.Kind == "WatchEvent"
		if strings.ContainsAny(gvk.Version, "ab_") || strings.HasSuffix(gvk.Kind, "List") || isOption {
			continue
		}
		if _, ok := reflect.New(t).Interface().(interface{ Marshal() ([]byte, error) }); ok {
			kinds[gvk.GroupVersion().String()+"/"+gvk.Kind] = describe(t)
		}
	}
	fmt.Printf("{\n\"kinds\": {\n%s\n},\n\"messages\": {\n%s\n}\n}\n", lines(kinds), lines(messages))
}

// lines writes an object's members in the order of their names, each on a line of its own.
func lines[V any](members map[string]V) string {
	var written []string
	for _, name := range slices.Sorted(maps.Keys(members)) {
		value, err := json.Marshal(members[name])
		must(err)
		written = append(written, fmt.Sprintf("%q: %s", name, value))
	}
	return strings.Join(written, ",\n")
}

// describe notes a message and all that it is made of; its name.
func describe(t reflect.Type) string {
	name := strings.NewReplacer("k8s.io/api/", "", "k8s.io/apimachinery/pkg/", "", "k8s.io/apiextensions-apiserver/pkg/apis/", "", "/", ".").
		Replace(t.PkgPath()) + "." + t.Name()
	if _, known := messages[name]; known {
		return name
	}
	fields := message{}
	messages[name] = fields
	for i := range t.NumField() {
		f := t.Field(i)
		wire := strings.Split(f.Tag.Get("protobuf"), ",")
		if len(wire) < 2 {
			continue
		}
		jsonTag := strings.Split(f.Tag.Get("json"), ",")
		kind, marks := typeOf(f.Type)
		// A zero that JSON would leave out is sent as well: it means nothing.
		if f.Type.Kind() != reflect.Pointer && slices.Contains(jsonTag, "omitempty") {
			marks += "?"
		}
		fields[wire[1]] = field{jsonTag[0], kind, marks}
	}
	return name
}

func typeOf(t reflect.Type) (kind, marks string) {
	if known, ok := special[t.PkgPath()+"."+t.Name()]; ok {
		return known, ""
	}
	switch t.Kind() {
	case reflect.Pointer:
		return typeOf(t.Elem())
	case reflect.Slice:
		if t.Elem().Kind() == reflect.Uint8 {
			return "bytes", ""
		}
		kind, inner := typeOf(t.Elem())
		if t.Name() != "" {
			// A named list is a message with its items: Verbs, ExtraValue.
			return "items", ""
		}
		return kind, inner + "[]"
	case reflect.Map:
		kind, inner := typeOf(t.Elem())
		return kind, inner + "{}"
	case reflect.Struct:
		return describe(t), ""
	case reflect.Bool:
		return "bool", ""
	case reflect.String:
		return "string", ""
	case reflect.Float32, reflect.Float64:
		return "double", ""
	default:
		return "int", ""
	}
}

func must(err error) {
	if err != nil {
		panic("kubernetes-wire-format: " + err.Error())
	}
}
