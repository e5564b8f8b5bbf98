// Constructs that C does not have. Comments are removed first: "the new class" is prose.
const ONLY_CPP =
  /\w::~?\w|[\s(<,]::\w|^[ \t]*(?:template[ \t]*<|namespace\b|(?:public|private|protected)[ \t]*:|class[ \t]+\w[\w \t]*(?:[:{;]|$)|using[ \t])|\b(?:constexpr|nullptr|typename|static_cast|decltype|noexcept|virtual|operator(?=[ \t]*\W))\b|#[ \t]*include[ \t]*<\w+>|(?:\w&&?[ \t]+|\w[ \t]+&&?)[A-Za-z_]\w*[ \t]*[,)]\s*(?:const\b|[{;])|\bcatch[ \t]*\(|\[[&=\w]*\][ \t]*\(/m

/**
 * True if a text in the C family uses something that only C++ has. C headers with many macros parse far better as C. Linear in the text.
 */
export function isCpp(text: string): boolean {
  return ONLY_CPP.test(text.replace(/\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*|"[^"\\\n]*(?:\\.[^"\\\n]*)*"?/g, ' '))
}
