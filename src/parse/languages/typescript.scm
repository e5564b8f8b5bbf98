(class_declaration name: (type_identifier) @name) @symbol.class
(abstract_class_declaration name: (type_identifier) @name) @symbol.class
(interface_declaration name: (type_identifier) @name) @symbol.type
(type_alias_declaration name: (type_identifier) @name) @symbol.type
(enum_declaration name: (identifier) @name) @symbol.type
(internal_module name: (_) @name) @symbol.class
(module name: (_) @name) @symbol.class
(function_signature name: (identifier) @name) @symbol.function
(class_body (method_signature name: (_) @name) @symbol.method)
(abstract_method_signature name: (_) @name) @symbol.method
(public_field_definition name: [(property_identifier) (private_property_identifier)] @name value: [(arrow_function) (function_expression)] @body) @symbol.method
(statement_block (export_statement (_ (variable_declarator name: (identifier) @name)) @symbol.value))
(ambient_declaration [(lexical_declaration (variable_declarator name: (identifier) @name)) (variable_declaration (variable_declarator name: (identifier) @name))] @symbol.value)
(ambient_declaration "declare" @prefix)

(extends_clause value: [
  (identifier) @reference.extend
  (member_expression property: (property_identifier) @reference.extend)
  (call_expression arguments: (arguments (identifier) @reference.extend))])
(extends_type_clause type: [
  (type_identifier) @reference.extend
  (nested_type_identifier name: (type_identifier) @reference.extend)
  (generic_type name: [(type_identifier) @reference.extend (nested_type_identifier name: (type_identifier) @reference.extend)])])
(implements_clause [
  (type_identifier) @reference.extend
  (nested_type_identifier name: (type_identifier) @reference.extend)
  (generic_type name: [(type_identifier) @reference.extend (nested_type_identifier name: (type_identifier) @reference.extend)])])
(import_require_clause source: (string) @reference.import)
(type_identifier) @reference.use
