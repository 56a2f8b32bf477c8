// A coding agent in one file, with nothing but Go's standard library: go run solution.go "your request".

//go:build ignore

// The line above keeps this file out of `go build`, which would find two main functions in the folder.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"
)

const (
	limit = 30_000 // bytes of one result
	steps = 50     // replies of one turn
)

var (
	url   = setting("OPENAI_BASE_URL", "https://api.openai.com/v1") + "/chat/completions"
	key   = os.Getenv("OPENAI_API_KEY")
	model = setting("CHECK_MODEL", "gpt-5.4-mini")
)

func setting(name, usual string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return usual
}

// A tool has arguments that are all strings. Those in optional may be missing.
type tool struct {
	name     string
	required []string
	optional []string
	run      func(given map[string]string) (string, error)
}

var tools = []tool{
	{"read_file", []string{"path"}, nil, readFile},
	{"list_files", nil, []string{"path"}, listFiles},
	{"search", []string{"pattern"}, []string{"path"}, search},
	{"edit_file", []string{"path", "old_text", "new_text"}, nil, editFile},
	{"write_file", []string{"path", "content"}, nil, writeFile},
	{"run_bash", []string{"command"}, nil, runBash},
}

func clip(text string) string {
	if text == "" {
		return "(empty)"
	}
	if len(text) <= limit {
		return text
	}
	return fmt.Sprintf("%s\n[%d bytes are left out]\n%s", text[:limit/2], len(text)-limit, text[len(text)-limit/2:])
}

func load(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s is not a regular file", path)
	}
	return os.ReadFile(path)
}

// In place, so that the mode stays.
func store(path string, data []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, data, 0o644)
}

func readFile(given map[string]string) (string, error) {
	data, err := load(given["path"])
	if err != nil {
		return "", err
	}
	if !utf8.Valid(data) {
		return "", fmt.Errorf("%s is not UTF-8", given["path"])
	}
	return string(data), nil
}

func filesIn(folder string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == ".git" || entry.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if entry.Type().IsRegular() {
			found = append(found, path)
		}
		return nil
	})
	sort.Strings(found)
	return found, err
}

func folderOf(given map[string]string) string {
	if given["path"] == "" {
		return "."
	}
	return given["path"]
}

func listFiles(given map[string]string) (string, error) {
	found, err := filesIn(folderOf(given))
	return strings.Join(found, "\n"), err
}

func search(given map[string]string) (string, error) {
	wanted, err := regexp.Compile(given["pattern"])
	if err != nil {
		wanted = regexp.MustCompile(regexp.QuoteMeta(given["pattern"]))
	}
	paths, err := filesIn(folderOf(given))
	if err != nil {
		return "", err
	}
	var matches []string
	for _, path := range paths {
		data, err := load(path)
		if err != nil || !utf8.Valid(data) {
			continue
		}
		for number, line := range strings.Split(string(data), "\n") {
			if wanted.MatchString(line) {
				matches = append(matches, fmt.Sprintf("%s:%d: %s", path, number+1, line))
			}
		}
	}
	if len(matches) == 0 {
		return "No match.", nil
	}
	return strings.Join(matches, "\n"), nil
}

// Edits bytes, whatever their encoding.
func editFile(given map[string]string) (string, error) {
	data, err := load(given["path"])
	if err != nil {
		return "", err
	}
	before, after := []byte(given["old_text"]), []byte(given["new_text"])
	if bytes.Contains(data, []byte("\r\n")) && !bytes.Contains(data, before) {
		before = bytes.ReplaceAll(before, []byte("\n"), []byte("\r\n"))
		after = bytes.ReplaceAll(after, []byte("\n"), []byte("\r\n"))
	}
	if count := bytes.Count(data, before); len(before) == 0 || count != 1 {
		return "", fmt.Errorf("old_text is in %s %d times, and must be there once", given["path"], count)
	}
	return "Edited.", store(given["path"], bytes.Replace(data, before, after, 1))
}

func writeFile(given map[string]string) (string, error) {
	return "Written.", store(given["path"], []byte(given["content"]))
}

// The command that runs now. Held while one starts, so that a signal never misses it.
var running struct {
	sync.Mutex
	pid int
}

// Ends the command's whole group, so that nothing it started stays behind.
func endCommand() {
	running.Lock()
	defer running.Unlock()
	if running.pid != 0 {
		_ = syscall.Kill(-running.pid, syscall.SIGKILL) // it may have ended
		running.pid = 0
	}
}

func runBash(given map[string]string) (string, error) {
	// A file and not a pipe: a child in the background would hold the pipe open.
	out, err := os.CreateTemp("", "output-")
	if err != nil {
		return "", err
	}
	defer out.Close()
	if err := os.Remove(out.Name()); err != nil { // it lives on as long as it is open
		return "", err
	}
	command := exec.Command("bash", "-c", given["command"])
	command.Stdout, command.Stderr = out, out
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); !strings.HasSuffix(name, "_KEY") {
			command.Env = append(command.Env, variable)
		}
	}
	running.Lock()
	if err = command.Start(); err == nil {
		running.pid = command.Process.Pid
	}
	running.Unlock()
	if err != nil {
		return "", err
	}
	timer := time.AfterFunc(2*time.Minute, endCommand)
	_ = command.Wait() // how it ended is in its state
	timer.Stop()
	endCommand()
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return "", err
	}
	text, err := io.ReadAll(out)
	return fmt.Sprintf("%s\n%s", command.ProcessState, text), err
}

func declarations() []any {
	var all []any
	for _, tool := range tools {
		properties := map[string]any{}
		for _, name := range append(append([]string{}, tool.required...), tool.optional...) {
			properties[name] = map[string]string{"type": "string"}
		}
		schema := map[string]any{"type": "object", "properties": properties}
		if tool.required != nil {
			schema["required"] = tool.required
		}
		all = append(all, map[string]any{
			"type": "function", "function": map[string]any{"name": tool.name, "parameters": schema},
		})
	}
	return all
}

type call struct {
	ID       string `json:"id"`
	Function struct {
		Name      string `json:"name"`
		Arguments string `json:"arguments"`
	} `json:"function"`
}

// Whatever is wrong with a call is its result: the model reads it, and does better.
func runCall(call call) string {
	for _, tool := range tools {
		if tool.name != call.Function.Name {
			continue
		}
		var given map[string]string
		if err := json.Unmarshal([]byte(call.Function.Arguments), &given); err != nil {
			return fmt.Sprintf("The arguments must be an object of strings: %v", err)
		}
		for _, name := range tool.required {
			if _, isThere := given[name]; !isThere {
				return fmt.Sprintf("The argument %s is missing.", name)
			}
		}
		text, err := tool.run(given)
		if err != nil {
			return fmt.Sprintf("That did not work: %v", err)
		}
		return clip(text)
	}
	return fmt.Sprintf("There is no tool %s.", call.Function.Name)
}

type choice struct {
	Message      json.RawMessage `json:"message"` // goes back as it came
	FinishReason string          `json:"finish_reason"`
}

var errPasses = errors.New("the reply did not arrive")

func attempt(body []byte) (choice, error) {
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return choice{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer "+key)
	client := http.Client{Timeout: 10 * time.Minute}
	answer, err := client.Do(request)
	if err != nil {
		return choice{}, fmt.Errorf("%w: %v", errPasses, err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("the service answers %s: %.500s", answer.Status, data)
		if answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500 {
			err = fmt.Errorf("%w: %v", errPasses, err)
		}
		return choice{}, err
	}
	var reply struct {
		Choices []choice `json:"choices"`
	}
	if err == nil {
		err = json.Unmarshal(data, &reply)
	}
	if err != nil || len(reply.Choices) == 0 {
		return choice{}, fmt.Errorf("%w: it was cut off", errPasses)
	}
	return reply.Choices[0], nil
}

func ask(messages []any) (choice, error) {
	body, err := json.Marshal(map[string]any{"model": model, "messages": messages, "tools": declarations()})
	if err != nil {
		return choice{}, err
	}
	for pause := 200 * time.Millisecond; ; pause *= 2 {
		reply, err := attempt(body)
		if err == nil || !errors.Is(err, errPasses) || pause > time.Second {
			return reply, err
		}
		time.Sleep(pause)
	}
}

func turn(request string) (string, error) {
	messages := []any{map[string]string{"role": "user", "content": request}}
	for step := 0; step < steps; step++ {
		reply, err := ask(messages)
		if err != nil {
			return "", err
		}
		var message struct {
			Content string `json:"content"`
			Calls   []call `json:"tool_calls"`
		}
		if err := json.Unmarshal(reply.Message, &message); err != nil {
			return "", err
		}
		if len(message.Calls) == 0 {
			return message.Content, nil
		}
		messages = append(messages, reply.Message)
		for _, call := range message.Calls {
			content := "Not run: the reply was cut off."
			if reply.FinishReason != "length" {
				content = runCall(call)
			}
			messages = append(messages, map[string]string{"role": "tool", "tool_call_id": call.ID, "content": content})
		}
	}
	return "", fmt.Errorf("stopped after %d replies", steps)
}

func main() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		number := (<-signals).(syscall.Signal)
		endCommand()
		os.Exit(128 + int(number))
	}()
	request := strings.Join(os.Args[1:], " ")
	if request == "" {
		piped, _ := io.ReadAll(os.Stdin)
		request = string(piped)
	}
	answer, err := turn(request)
	if err != nil {
		said := err.Error()
		if key != "" {
			said = strings.ReplaceAll(said, key, "***")
		}
		fmt.Fprintln(os.Stderr, said)
		os.Exit(1)
	}
	fmt.Println(answer)
}
