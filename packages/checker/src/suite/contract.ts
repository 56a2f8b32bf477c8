/** What `pnpm check --contract` prints, and docs/check-your-agent.md shows. */
export const contract = `An agent that can be checked is a program with these manners.

1. It is started in the workspace, as a shell command, with the request as its last argument:
     python3 mine.py "What is in notes.txt?"
   Files that the command names are looked up where you stand, so paths may be relative.
2. It prints the model's answer on stdout, and everything else on stderr.
3. It exits with 0 when it is done, and with another code when it is not.
4. It asks nobody for permission: give it the flag that lets its tools run.
5. It finds the model by variables of the environment, under the name that its protocol uses:
     OPENAI_BASE_URL        OPENAI_API_KEY       Responses and Chat Completions
     ANTHROPIC_BASE_URL     ANTHROPIC_API_KEY    Messages
     GOOGLE_GEMINI_BASE_URL GEMINI_API_KEY       generateContent
     OLLAMA_HOST                                 /api/chat, /api/generate
     CHECK_URL, CHECK_KEY, CHECK_MODEL           the bare address, a key for OpenAI's protocols, a model's name
   One port speaks all of these protocols, streamed or not, as the agent asks. Any model's name will do.

That is all. Everything else is found out, or is optional. eightfold-check.json, in the folder where you stand, says
what cannot be found out:

{
  "oneShot": "mine --yes -p {request}",       if the request is not the last argument, or instead of --agent
  "piped": "mine -",                          takes a request from stdin; without it, that is skipped
  "conversation": "mine --chat",              converses in a terminal; without it, that is skipped
  "env": { "MINE_MODEL": "local-model" },
  "home": { ".mine/config": "url = $CHECK_URL/v1" },
                                              files of a home folder of its own; without it, your own HOME is used
  "tools": { "edit": { "name": "patch", "arguments": { "path": "file", "old": "search", "new": "put" } } }
}

Tools are told by their names and schemas, and then tried: what reads must bring a word from a file, what edits must
change one, what runs commands must make one. The roles are read (path), list (path), search (pattern, path), edit (path,
old, new), write (path, content) and shell (command). A tool that is not offered is not missed: its checks are skipped.
`;
