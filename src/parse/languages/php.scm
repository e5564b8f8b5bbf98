(class_declaration name: (name) @name) @symbol.class
(trait_declaration name: (name) @name) @symbol.class
(interface_declaration name: (name) @name) @symbol.type
(enum_declaration name: (name) @name) @symbol.type
(method_declaration name: (name) @name) @symbol.method
(function_definition name: (name) @name) @symbol.function
(const_declaration (const_element . (name) @name)) @symbol.value
((function_call_expression
  function: (name) @_define
  arguments: (arguments . (argument (string) @name) . (argument))) @symbol.value
  (#eq? @_define "define"))
((function_call_expression
  function: (name) @_test
  arguments: (arguments . (argument [(string) (encapsed_string)] @name) . (argument))) @symbol.test
  (#match? @_test "^(describe|it|test)$"))

(comment) @doc

(namespace_use_declaration) @reference.import
(include_expression (_) @reference.import)
(include_once_expression (_) @reference.import)
(require_expression (_) @reference.import)
(require_once_expression (_) @reference.import)
(base_clause [(name) @reference.extend (qualified_name (name) @reference.extend .)])
(class_interface_clause [(name) @reference.extend (qualified_name (name) @reference.extend .)])
(use_declaration [(name) @reference.extend (qualified_name (name) @reference.extend .)])
(function_call_expression function: [(name) @reference.call (qualified_name (name) @reference.call .)])
(scoped_call_expression name: (name) @reference.call)
(member_call_expression name: (name) @reference.call)
(nullsafe_member_call_expression name: (name) @reference.call)
(object_creation_expression [(name) @reference.call (qualified_name (name) @reference.call .)])
(scoped_call_expression scope: [(name) @reference.use (qualified_name (name) @reference.use .)])
(class_constant_access_expression . [(name) @reference.use (qualified_name (name) @reference.use .)])
(named_type [(name) @reference.use (qualified_name (name) @reference.use .)])
(attribute . (name) @reference.use)
(binary_expression operator: "instanceof" right: (name) @reference.use)
