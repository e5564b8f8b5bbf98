; JavaScript, and what TypeScript shares with it.
((_ (variable_declarator name: (identifier) @name value: (call_expression function: (identifier) @_require arguments: (arguments . (string) .)))) @symbol.none
  (#eq? @_require "require"))

(function_declaration name: (identifier) @name) @symbol.function
(generator_function_declaration name: (identifier) @name) @symbol.function
(method_definition name: (_) @name) @symbol.method
(lexical_declaration (variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression) (generator_function)] @body)) @symbol.function
(variable_declaration (variable_declarator name: (identifier) @name value: [(arrow_function) (function_expression) (generator_function)] @body)) @symbol.function
(lexical_declaration (variable_declarator name: (identifier) @name value: (class) @body)) @symbol.class
(pair key: [(property_identifier) (string)] @name value: [(arrow_function) (function_expression) (generator_function)] @body) @symbol.method

; module.exports = …
((expression_statement (assignment_expression
  left: (member_expression) @_exports
  right: [(function_expression name: (identifier) @name) (generator_function name: (identifier) @name)] @body)) @symbol.function
  (#eq? @_exports "module.exports"))
((expression_statement (assignment_expression left: (member_expression) @_exports right: (class name: (_) @name) @body)) @symbol.class
  (#eq? @_exports "module.exports"))
((expression_statement (assignment_expression
  left: (member_expression) @_exports
  right: [(arrow_function) (function_expression) (generator_function)] @body)) @symbol.function
  (#eq? @_exports "module.exports"))
((expression_statement (assignment_expression left: (member_expression) @_exports right: (class) @body)) @symbol.class
  (#eq? @_exports "module.exports"))
((program (expression_statement (assignment_expression left: (member_expression) @_exports right: [(object) (call_expression) (new_expression)])) @symbol.value)
  (#eq? @_exports "module.exports"))
; cart.total = function, Cart.prototype.total = function, exports.total = function
(expression_statement (assignment_expression
  left: (member_expression object: (_) @owner property: (property_identifier) @name)
  right: [(arrow_function) (function_expression) (generator_function)] @body)) @symbol.method
(expression_statement (assignment_expression
  left: (member_expression object: (_) @owner property: (property_identifier) @name)
  right: (class) @body)) @symbol.class
((program (expression_statement (assignment_expression
  left: (member_expression object: (_) @owner property: (property_identifier) @name)
  right: [(object) (array) (call_expression) (new_expression) (string) (number)])) @symbol.value)
  (#match? @owner "^(module\\.)?exports$"))

; Values of the file. (One pattern with alternatives in it, rooted at the program, costs a quarter of the whole query.)
(program (_ (variable_declarator name: (identifier) @name)) @symbol.value)
(program (export_statement (_ (variable_declarator name: (identifier) @name)) @symbol.value))

(export_statement "export" @prefix)
(export_statement "default" @prefix)
(export_statement value: [(arrow_function) (function_expression) (generator_function)] @body) @symbol.function
(export_statement value: (class) @body) @symbol.class
(export_statement value: [(object) (array) (call_expression) (new_expression)]) @symbol.value
(decorator) @prefix

((call_expression
  function: (identifier) @_test
  arguments: (arguments . [(string) (template_string)] @name . (_))) @symbol.test
  (#match? @_test "^(describe|it|test|suite|bench|context|specify)$"))
((call_expression
  function: [
    (member_expression object: [(identifier) @_test (member_expression object: (identifier) @_test)] property: (property_identifier) @_how)
    (call_expression function: (member_expression object: (identifier) @_test property: (property_identifier) @_how))]
  arguments: (arguments . [(string) (template_string)] @name . (_))) @symbol.test
  (#match? @_test "^(describe|it|test|suite|bench)$")
  (#match? @_how "^(only|skip|each|for|describe|concurrent|sequential|serial|parallel|fixme|fails|failing|skipIf|runIf)$"))

(comment) @doc

(import_statement source: (string) @reference.import)
(export_statement source: (string) @reference.import)
(call_expression function: (import) arguments: (arguments . (string) @reference.import))
((call_expression function: (identifier) @_require arguments: (arguments . (string) @reference.import))
  (#eq? @_require "require"))
(import_specifier name: (identifier) @reference.use)
(export_specifier name: (identifier) @reference.use)
(import_clause (identifier) @reference.use)
(call_expression function: (identifier) @reference.call)
(call_expression function: (member_expression property: (property_identifier) @reference.call))
(new_expression constructor: [(identifier) @reference.call (member_expression property: (property_identifier) @reference.call)])
