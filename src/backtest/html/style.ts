/**
 * Style of the report: light and dark, readable on a phone (a table that is cut off has a shadow and a scroll bar), no external
 * resources.
 */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --card: #f6f7f9; --ink: #1c2127; --quiet: #5d6773; --line: #dde1e6; --main: #1f6feb; --other: #a3adb8; --bad: #b3392b; --first: #6b7785; --second: #c2410c; --third: #0f8a5f; --fourth: #1f6feb }
@media (prefers-color-scheme: dark) { :root { --ground: #13161a; --card: #1c2026; --ink: #e6e9ed; --quiet: #9aa4af; --line: #323941; --main: #5b9dff; --other: #67717c; --bad: #f0877b; --first: #a3adb8; --second: #fb923c; --third: #3ecf98; --fourth: #5b9dff } }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 65rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .25rem; overflow-wrap: anywhere } h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem } h3 { font-size: 1rem; margin: 1.6rem 0 .4rem; overflow-wrap: anywhere } article h3 { margin: 0 }
p { margin: .5rem 0 } .quiet, figcaption { color: var(--quiet); font-size: .9rem } .lead { font-size: 1.1rem; margin: 1rem 0 } .warning { border-left: 4px solid var(--bad); padding-left: .75rem }
a { color: var(--main) } code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere }
.charts { display: grid; gap: 1.5rem; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)) }
figure { margin: 0; max-width: 30rem } figcaption { margin-bottom: .25rem } svg { display: block; width: 100%; height: auto } .square { max-width: 24rem }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif } svg .tick { fill: var(--quiet); font-size: 11px; text-anchor: middle } svg .left, svg .value { text-anchor: end } svg .value { font-variant-numeric: tabular-nums } svg .main text { font-weight: 600 }
.grid { stroke: var(--line) } .bar { fill: var(--other) } .main .bar, .point { fill: var(--main) } .point { fill-opacity: .75 } .interval { stroke: var(--ink); stroke-width: 1.5; fill: none } .diagonal { stroke: var(--quiet); stroke-dasharray: 4 4 }
svg .dot { font-size: 11px; font-weight: 600; text-anchor: middle } .join { fill: none; stroke-width: 1.5; stroke-opacity: .6 } .span { stroke-width: 1.5; stroke-opacity: .45 } .legend svg { display: inline-block; width: .75rem; margin-right: .3rem } .legend span { margin-right: 1rem; white-space: nowrap }
.series0 circle, svg text.series0 { fill: var(--first) } .series0 path { stroke: var(--first) } .series1 circle, svg text.series1 { fill: var(--second) } .series1 path { stroke: var(--second) } .series2 circle, svg text.series2 { fill: var(--third) } .series2 path { stroke: var(--third) } .series3 circle, svg text.series3 { fill: var(--fourth) } .series3 path { stroke: var(--fourth) }
.scroll { overflow-x: auto; background: linear-gradient(to left, var(--ground) 1.5rem, transparent) right / 3rem 100% no-repeat local, linear-gradient(to left, var(--other), transparent) right / 1rem 100% no-repeat scroll } .scroll::-webkit-scrollbar { height: .5rem } .scroll::-webkit-scrollbar-thumb { background: var(--other); border-radius: 4px }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums } th, td { padding: .35rem .4rem; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; vertical-align: top } th:first-child, td:first-child { text-align: left; padding-left: 0; position: sticky; left: 0; background: var(--ground) } td small { display: block; color: var(--quiet); font-size: .75rem } tr.main { font-weight: 600 } tr.main small { font-weight: 400 } .wrap td:last-child { text-align: left } .figures :is(th, small, td:first-child) { white-space: normal } .tasks td:first-child { white-space: normal; position: static; min-width: 14rem }
article { background: var(--card); border-radius: 8px; padding: .8rem 1rem; margin: .7rem 0 } h4 { font-size: .85rem; margin: .3rem 0 0 } article .charts { gap: 0 1.5rem } summary { cursor: pointer; margin: 1rem 0 .5rem }
article ul { margin: .2rem 0 0; padding-left: 1.1rem } article li { margin: .1rem 0 }
`
