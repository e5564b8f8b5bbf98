(class_declaration name: (identifier) @name) @symbol.class
(struct_declaration name: (identifier) @name) @symbol.class
(record_declaration name: (identifier) @name) @symbol.class
(interface_declaration name: (identifier) @name) @symbol.type
(enum_declaration name: (identifier) @name) @symbol.type
(delegate_declaration name: (identifier) @name) @symbol.type
(method_declaration name: (identifier) @name) @symbol.method
(constructor_declaration name: (identifier) @name) @symbol.method
(local_function_statement name: (identifier) @name) @symbol.function
(property_declaration name: (identifier) @name) @symbol.value
(field_declaration (modifier "const") (variable_declaration (variable_declarator name: (identifier) @name))) @symbol.value
(field_declaration (modifier "static") (modifier "readonly") (variable_declaration (variable_declarator name: (identifier) @name))) @symbol.value

(comment) @doc

(using_directive) @reference.import
(base_list [
  (identifier) @reference.extend
  (generic_name . (identifier) @reference.extend)
  (qualified_name name: (identifier) @reference.extend)
  (primary_constructor_base_type type: (identifier) @reference.extend)])
(invocation_expression function: [
  (identifier) @reference.call
  (generic_name . (identifier) @reference.call)
  (member_access_expression name: [(identifier) @reference.call (generic_name . (identifier) @reference.call)])
  (conditional_access_expression (member_binding_expression name: [(identifier) @reference.call (generic_name . (identifier) @reference.call)]))])
(object_creation_expression type: [(identifier) @reference.call (generic_name . (identifier) @reference.call)])
(attribute name: (identifier) @reference.use)
(_ type: [(identifier) @reference.use (nullable_type type: (identifier) @reference.use) (array_type type: (identifier) @reference.use)])
(_ returns: [(identifier) @reference.use (nullable_type type: (identifier) @reference.use) (array_type type: (identifier) @reference.use)])
(generic_name . (identifier) @reference.use)
(type_argument_list (identifier) @reference.use)
; Cart.Of(…), Rate.Default: by convention variables have no capital
(member_access_expression expression: (identifier) @reference.use.proper)
