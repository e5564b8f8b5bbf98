(class_declaration name: (identifier) @name) @symbol.class
(record_declaration name: (identifier) @name) @symbol.class
(interface_declaration name: (identifier) @name) @symbol.type
(enum_declaration name: (identifier) @name) @symbol.type
(annotation_type_declaration name: (identifier) @name) @symbol.type
(enum_constant name: (identifier) @name body: (_)) @scope.impl
(object_creation_expression type: [(type_identifier) @name (generic_type . (type_identifier) @name)] (class_body)) @scope.impl
(method_declaration name: (identifier) @name) @symbol.method
(constructor_declaration name: (identifier) @name) @symbol.method
(compact_constructor_declaration name: (identifier) @name) @symbol.method
(field_declaration (modifiers "static" "final") declarator: (variable_declarator name: (identifier) @name)) @symbol.value
(constant_declaration declarator: (variable_declarator name: (identifier) @name)) @symbol.value

[(line_comment) (block_comment)] @doc

(import_declaration) @reference.import
(superclass [(type_identifier) @reference.extend (generic_type . (type_identifier) @reference.extend) (scoped_type_identifier (type_identifier) @reference.extend .)])
(superclass (generic_type . (scoped_type_identifier (type_identifier) @reference.extend .)))
(type_list [(type_identifier) @reference.extend (generic_type . (type_identifier) @reference.extend) (scoped_type_identifier (type_identifier) @reference.extend .)])
(method_invocation name: (identifier) @reference.call)
(method_reference (identifier) @reference.call .)
(object_creation_expression type: [(type_identifier) @reference.call (generic_type . (type_identifier) @reference.call) (scoped_type_identifier (type_identifier) @reference.call .)])
; Cart.of(…), Rate.DEFAULT, Cart::total: by convention only types have a capital
(method_invocation object: (identifier) @reference.use.proper)
(field_access object: (identifier) @reference.use.proper)
(method_reference . (identifier) @reference.use.proper)
(marker_annotation name: (identifier) @reference.use)
(annotation name: (identifier) @reference.use)
(type_identifier) @reference.use
