/** Files whose bytes go wrong in an edit: path, content, old and new text of the edit, content after it. */
export const editedFiles: [path: string, before: string, edit: [string, string], after: string][] = [
  ["dollars.js", "const price = 1;\n", ["= 1", "= '$& $1 $$ $`'"], "const price = '$& $1 $$ $`';\n"],
  ["crlf.txt", "one\r\ntwo\r\nthree\r\n", ["one\ntwo\n", "1\n2\n2b\n"], "1\r\n2\r\n2b\r\nthree\r\n"],
  ["mixed.txt", "a\r\nb\nc\r\nd\re\n", ["c", "C"], "a\r\nb\nC\r\nd\re\n"],
  ["bom.txt", "\uFEFFfirst\nsecond\n", ["first", "1st"], "\uFEFF1st\nsecond\n"],
  ["no-end.txt", "one\ntwo", ["two", "2"], "one\n2"],
  ["run.sh", "#!/bin/sh\necho hi\n", ["hi", "ho"], "#!/bin/sh\necho ho\n"],
  [
    "spaces.py",
    "def f():\t \n\treturn  'é' + '…'  \n",
    ["return  'é'", "return 'e'"],
    "def f():\t \n\treturn 'e' + '…'  \n",
  ],
  ["quotes.txt", "“curly” — and ' straight\n", ["straight", "plain"], "“curly” — and ' plain\n"],
  ["removed.txt", "keep\ndrop\nkeep too\n", ["drop\n", ""], "keep\nkeep too\n"],
];
