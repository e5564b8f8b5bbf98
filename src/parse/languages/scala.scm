(class_definition name: (_) @name) @symbol.class
(object_definition name: (_) @name) @symbol.class
(package_object name: (_) @name) @symbol.class
(trait_definition name: (_) @name) @symbol.type
(enum_definition name: (_) @name) @symbol.type
(type_definition name: (_) @name) @symbol.type
(template_body (function_definition name: (_) @name) @symbol.method)
(template_body (function_declaration name: (_) @name) @symbol.method)
(enum_body (function_definition name: (_) @name) @symbol.method)
(function_definition name: (_) @name) @symbol.function
(template_body [(val_definition pattern: (identifier) @name) (var_definition pattern: (identifier) @name)] @symbol.value)
(enum_body [(val_definition pattern: (identifier) @name) (var_definition pattern: (identifier) @name)] @symbol.value)
(compilation_unit [(val_definition pattern: (identifier) @name) (var_definition pattern: (identifier) @name)] @symbol.value)
(val_declaration name: (identifier) @name) @symbol.value
(given_definition name: (_) @name) @symbol.value
((call_expression
  function: (call_expression function: (identifier) @_test arguments: (arguments . (string) @name))
  arguments: (_)) @symbol.test
  (#match? @_test "^(describe|it|test)$"))
((infix_expression
  left: (call_expression function: (identifier) @_test arguments: (arguments . (string) @name))
  operator: (operator_identifier)
  right: (_)) @symbol.test
  (#eq? @_test "test"))

[(comment) (block_comment)] @doc

(import_declaration) @reference.import
(extends_clause [
  (type_identifier) @reference.extend
  (generic_type type: (type_identifier) @reference.extend)
  (stable_type_identifier (type_identifier) @reference.extend .)])
(call_expression function: [(identifier) @reference.call (field_expression field: (identifier) @reference.call)])
(call_expression function: (generic_function function: [(identifier) @reference.call (field_expression field: (identifier) @reference.call)]))
(instance_expression [(type_identifier) @reference.call (generic_type type: (type_identifier) @reference.call)])
(field_expression value: (identifier) @reference.use.proper)
(type_identifier) @reference.use
