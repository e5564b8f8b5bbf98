(function_definition name: (identifier) @name) @symbol.function
(class_definition name: (identifier) @name) @symbol.class
(type_alias_statement . (type (identifier) @name)) @symbol.type
(module (expression_statement (assignment left: (identifier) @name)) @symbol.value)
(class_definition body: (block (expression_statement (assignment left: (identifier) @name)) @symbol.value))
(decorator) @prefix

(module (expression_statement (string (string_content) @docstring)))
(function_definition body: (block . (expression_statement (string (string_content) @docstring))))
(class_definition body: (block . (expression_statement (string (string_content) @docstring))))
(comment) @doc

(import_statement) @reference.import
(import_from_statement) @reference.import
(import_from_statement name: (dotted_name (identifier) @reference.use))
(import_from_statement name: (aliased_import name: (dotted_name (identifier) @reference.use)))
(class_definition superclasses: (argument_list [
  (identifier) @reference.extend
  (attribute attribute: (identifier) @reference.extend)
  (subscript value: [(identifier) @reference.extend (attribute attribute: (identifier) @reference.extend)])]))
(call function: [(identifier) @reference.call (attribute attribute: (identifier) @reference.call)])
(decorator [(identifier) @reference.call (attribute attribute: (identifier) @reference.call)])
(type [(identifier) @reference.use (attribute attribute: (identifier) @reference.use)])
(except_clause [(identifier) @reference.use (tuple (identifier) @reference.use) (as_pattern (identifier) @reference.use)])
