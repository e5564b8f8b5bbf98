; What C++ adds to c.scm, which follows it.
((function_definition !type
  declarator: (function_declarator
    declarator: (identifier) @_test
    parameters: (parameter_list . (parameter_declaration type: (type_identifier) @owner) . (parameter_declaration type: (type_identifier) @name)))
  body: (_) @body) @symbol.test
  (#match? @_test "^(TEST|TEST_F|TEST_P|TYPED_TEST|TYPED_TEST_P)$"))
; Macros that look like methods: `Mutex mutex_; int count_ GUARDED_BY(mutex_);`
((declaration !type declarator: (function_declarator declarator: (identifier) @name)) @symbol.none
  (#match? @name "^[A-Z][A-Z0-9_]+$"))
((field_declaration declarator: (function_declarator declarator: (field_identifier) @name)) @symbol.none
  (#match? @name "^[A-Z][A-Z0-9]*_[A-Z0-9_]+$"))
(friend_declaration (declaration declarator: (function_declarator declarator: (_) @name)) @symbol.none)

(function_definition declarator: (function_declarator declarator: [(field_identifier) (destructor_name) (operator_name) (qualified_identifier) (template_function)] @name.path)) @symbol.function
(function_definition declarator: (_ (function_declarator declarator: [(identifier) (field_identifier) (operator_name) (qualified_identifier) (template_function)] @name.path))) @symbol.function
(function_definition declarator: (_ (_ (function_declarator declarator: [(identifier) (field_identifier) (operator_name) (qualified_identifier)] @name.path)))) @symbol.function
(function_definition declarator: [(operator_cast) (qualified_identifier name: (operator_cast))] @name.path) @symbol.function
(declaration declarator: (function_declarator declarator: [(destructor_name) (operator_name)] @name)) @declaration.function
(declaration declarator: (reference_declarator (function_declarator declarator: [(identifier) (operator_name)] @name))) @declaration.function
(field_declaration declarator: (function_declarator declarator: [(field_identifier) (operator_name)] @name)) @declaration.function
(field_declaration declarator: (_ (function_declarator declarator: [(field_identifier) (operator_name)] @name))) @declaration.function
(field_declaration declarator: (field_identifier) @name default_value: (_)) @symbol.value
(class_specifier name: (_) @name.path body: (_)) @symbol.class
(struct_specifier name: [(template_type) (qualified_identifier)] @name.path body: (_)) @symbol.class
(alias_declaration name: (type_identifier) @name) @symbol.type
(concept_definition name: (identifier) @name) @symbol.type
(template_declaration "template" @prefix parameters: (_) @prefix)
(template_declaration (requires_clause) @prefix)

(declaration_list (declaration declarator: (init_declarator declarator: [(identifier) @name (_ (identifier) @name)])) @symbol.value)
(declaration_list (declaration declarator: (identifier) @name) @symbol.value)

(base_class_clause [
  (type_identifier) @reference.extend
  (template_type name: (type_identifier) @reference.extend)
  (qualified_identifier name: [(type_identifier) @reference.extend (template_type name: (type_identifier) @reference.extend)])])
(call_expression function: [
  (template_function name: (identifier) @reference.call)
  (field_expression field: (template_method name: (field_identifier) @reference.call))
  (qualified_identifier name: [
    (identifier) @reference.call
    (template_function name: (identifier) @reference.call)
    (qualified_identifier name: [(identifier) @reference.call (template_function name: (identifier) @reference.call)])])])
(new_expression type: [(type_identifier) @reference.call (qualified_identifier name: (type_identifier) @reference.call)])
(qualified_identifier scope: (namespace_identifier) @reference.use.proper)
