// The start of a coding agent: go run agent.go "your request".
package main

import (
	"fmt"
	"os"
	"strings"
)

func main() {
	request := strings.Join(os.Args[1:], " ")
	base := os.Getenv("OPENAI_BASE_URL")
	if base == "" {
		base = "https://api.openai.com/v1"
	}
	url := base + "/chat/completions"

	// 1. Send the request to `url` with net/http, as JSON: {"model": …, "messages": [{"role": "user", "content": request}]},
	//    with the headers Content-Type: application/json and Authorization: Bearer $OPENAI_API_KEY. Any model's name will
	//    do here.
	// 2. Print choices[0].message.content of what comes back.
	// 3. When that is green, offer a tool. The request gets "tools": [{"type": "function", "function": {"name":
	//    "read_file", "parameters": {"type": "object", "properties": {"path": {"type": "string"}}, "required": ["path"]}}}].
	// 4. As long as the message that comes back has tool_calls: append that message to the messages as it is (a
	//    json.RawMessage keeps it whole); run each call (its function.name, and its function.arguments, which is JSON in a
	//    string), append {"role": "tool", "tool_call_id": the call's id, "content": the result}, and ask again.

	fmt.Fprintf(os.Stderr, "agent.go has not sent %q to %s: it asks no model yet\n", request, url)
	os.Exit(1)
}
