; Nodes that the TypeScript grammar names otherwise.
(class_declaration name: (identifier) @name) @symbol.class
(class_heritage [
  (identifier) @reference.extend
  (member_expression property: (property_identifier) @reference.extend)
  (call_expression arguments: (arguments (identifier) @reference.extend))])
(field_definition property: [(property_identifier) (private_property_identifier)] @name value: [(arrow_function) (function_expression)] @body) @symbol.method
