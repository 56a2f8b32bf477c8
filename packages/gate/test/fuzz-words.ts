/** What is put into commands. Two spaces stand between two of them. */
const list = (...rows: readonly string[]) => rows.flatMap((row) => row.split("  "));

export const SYNTAX = list(
  "$(touch made)  `touch made`  <(touch made)  >(touch made)  $((1))  $HOME  $'\\x2e'  {a,.env}  {1..3}  ~  ~root",
  `\${HOME}  \${!a}  $"a"  $  \`  ^  %  =  a=1   PATH=.   [[  ]]  ((  ))  *  ?  [a-z]  !(a)  @(a)  **  '  "  ''  ""`,
  ";  ;;  &  &&  ||  |  |&  \n  \\\n  \\  !  (  )  {  }  #  #a  <  >  >>  >|  <>  >&  &>  2>  2>&1  >made  2>made",
  ">/dev/null  2>/dev/null  >&2  >&1made  <<<a  <<A  <.env  <../outside/canary.txt",
);

export const CHARACTERS = [
  ..."\u00a0\u2003\u200b\u200d\ufeff\u202e\u2066\u2028\u0085\u00ad\u3000\u{e0061}\ufff9\u115f",
  ..."\r\0\v\f\b\x1b\x7f\t",
  ...list("\ud800  –  —  “  ’  ；  ｜  ＆  е  ѕ  \u0301  ﬁ  İ  ß  😀  👨\u200d👩"),
];

export const OPTIONS = list(
  "-o  -o made  -omade  --output=made  --output  --out=made  -i  --in-place  -f  -f.env  -f ../outside/canary.txt",
  "--file=.env  -x  -exec  -exec cat {} +  -delete  -fprint made  -L  -R  -r  -n  -a  -z  -uuu  --hidden  --no-ignore",
  "-g .env  -g *  -g '*'  --pre=./evil  --follow  --ext-diff  --textconv  --no-index  -O./evil  -O  -p  -c a=b  -C ..",
  "-C nested  -u  -d  --git-dir=nested/.git  --work-tree=..  --exec-path=.  --show-signature  --format=%G?  -m  -l",
  "--  -  --help  --version  -v  -e  -e 1  -s  -w  --stdin  --files0-from=names.txt  --remerge-diff  --contents=.env",
  "--ignore-revs-file=.env  -S  -X  -T.  --debug  --compress-program=./evil  -rf.env  -nf  -if  -H  -P  --include=.env",
  "--include=*  --include='*'  -F  -E  -q  -0  -1  -5f  -A 1000  --cached  --all  --untracked  -g '!a'  -g '*.json'",
);

export const OPERANDS = list(
  ".env  ./.env  src/../.env  config/.env.production  credentials.json  id_rsa  .ssh  .git/config  .git  src/util/.env",
  "../outside/canary.txt  ..  /etc/passwd  /  ~  links/canary.txt  links/out  links/plain.txt  links  links/dangling",
  "links/root/../outside/canary.txt  links/deep/../../../outside/canary.txt  links/config  config  .  src  README.md",
  "nested  HEAD  HEAD:.env  :.env  HEAD:config  HEAD:  HEAD~1  stash@{0}  HEAD^{tree}  made  names.txt  ./config/../.env",
  "src/*  config/*  links/*  src/.e*  odd/*  *  .e*  /proc/self/environ  /dev/stdin  w made  e  src/util/*  src/util/.e*",
  "HEAD:config/credentials.json  @  ''  \"\"  HEAD:src/util  src/util  ':(top).env'  ':!a'  config/*.json  pipe  'w made'",
);

export const WAYS = list(
  "./  ../  src/../  links/root/  links/deep/../  links/out/  /  ~/  :/  HEAD:  :(top)  --  -",
);
export const JOINTS = list(";  &&  ||  |  |  &  \n  |&  ;;");

export const FIRST = list(
  "cd src  cd ..  cd nowhere  cd config  cd links/out  cd links/deep  cd links/root  cd src/util  cd nested  cd -  cd",
  "false  true  pwd  ls nowhere  echo .env  echo HEAD:.env  printf '.env\\0'  a=1  PATH=.  cd bare  cd links",
);

export const LAST = list(
  "cat .env  cat ../.env  cat ../outside/canary.txt  cat ../../outside/canary.txt  touch made  sh  ls  cat *  cat .e*",
  "xargs cat  tee made  uniq - made  sort -o made  grep -f -  git cat-file --batch  wc --files0-from=-  cd ..  cd src",
  "git status  head  cat  sed -n p  grep KEY -r  grep -r KEY .  rg KEY  jq .  git show  git log -p  git diff HEAD~1",
);
