(function_declaration name: (identifier) @name) @symbol.function
(method_declaration
  receiver: (parameter_list (parameter_declaration type: [
    (type_identifier) @owner
    (pointer_type (type_identifier) @owner)
    (generic_type type: (type_identifier) @owner)
    (pointer_type (generic_type type: (type_identifier) @owner))]))
  name: (field_identifier) @name) @symbol.method
(type_spec name: (type_identifier) @name type: (struct_type (field_declaration_list) @body)) @symbol.class
(type_spec name: (type_identifier) @name) @symbol.type
(type_alias name: (type_identifier) @name) @symbol.type
(method_elem name: (field_identifier) @name) @symbol.method
(source_file (const_declaration (const_spec name: (identifier) @name) @symbol.value))
(source_file (var_declaration (var_spec name: (identifier) @name) @symbol.value))
(source_file (var_declaration (var_spec_list (var_spec name: (identifier) @name) @symbol.value)))
(type_declaration "type" @prefix)
(const_declaration "const" @prefix)
(var_declaration "var" @prefix)

(comment) @doc

(import_spec path: (_) @reference.import)
(field_declaration !name type: [(type_identifier) @reference.extend (qualified_type name: (type_identifier) @reference.extend) (generic_type type: (type_identifier) @reference.extend)])
(interface_type (type_elem . [(type_identifier) @reference.extend (qualified_type name: (type_identifier) @reference.extend)] .))
(call_expression function: [(identifier) @reference.call (selector_expression field: (field_identifier) @reference.call)])
(type_identifier) @reference.use
