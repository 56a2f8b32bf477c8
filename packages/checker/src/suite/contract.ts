import { examples, roles } from "./roles.ts";

/** What `pnpm check --contract` prints, and docs/check-your-agent.md shows. */
export const contract = `An agent can be checked if it is a program that behaves like this.

1. It is started in the workspace, as a shell command, with the request as its last argument:
     python3 mine.py "What is in notes.txt?"
   Files that the command names are looked up where you stand, so paths may be relative.
2. It prints the model's answer on stdout, and everything else on stderr.
3. It exits with 0 when it is done, and with another code when it is not.
4. It asks nobody for permission: give it the flag that lets its tools run.
5. It finds the model by variables of the environment, named as its protocol names them:
     OPENAI_BASE_URL         OPENAI_API_KEY     Responses and Chat Completions
     ANTHROPIC_BASE_URL      ANTHROPIC_API_KEY  Messages
     GOOGLE_GEMINI_BASE_URL  GEMINI_API_KEY     generateContent
     OLLAMA_HOST                                /api/chat, /api/generate
   CHECK_URL is the bare address, CHECK_KEY a key for OpenAI's protocols, and CHECK_MODEL the
   name of a model. Any other name will do. One port speaks all these protocols, streamed or
   not, as the agent asks.

That is all. Everything else is found out, or is optional. What cannot be found out goes into
eightfold-check.json, in the folder where you stand:

{
  "oneShot": "mine --yes -p {request}",
  "piped": "mine -",
  "conversation": "mine --chat",
  "env": { "MINE_MODEL": "local-model" },
  "home": { ".mine/config": "url = $CHECK_URL/v1" },
  "tools": {
    "edit": { "name": "patch", "arguments": { "path": "file", "old": "search", "new": "put" } }
  }
}

  oneShot       instead of --agent, or when the request is not the last argument
  piped         takes a request from stdin
  conversation  converses in a terminal
  env           more variables
  home          files of a home folder of its own; without it, the agent has yours
  tools         which tool reads (path), lists (path), searches (pattern, path), edits (path, old,
                new), writes (path, content), or runs commands: shell (command)

Tools are recognised by their names and schemas, whatever they are exactly called. These are:
  ${roles.map((role) => examples[role]).join("\n  ")}
Each is then tried: what reads has to bring a word from a file, what edits has to change one, what
runs commands has to make one. A tool that is not offered is not missed: its checks are skipped,
and so is a form that no setting gives.
`;
