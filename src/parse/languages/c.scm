; C, and what C++ shares with it. A declarator nests: `char **names(void)` has two pointers around the function.
(function_definition declarator: (function_declarator declarator: (identifier) @name)) @symbol.function
(function_definition declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))) @symbol.function
(function_definition declarator: (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))) @symbol.function
(declaration declarator: (function_declarator declarator: (identifier) @name)) @declaration.function
(declaration declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name))) @declaration.function
(declaration declarator: (pointer_declarator declarator: (pointer_declarator declarator: (function_declarator declarator: (identifier) @name)))) @declaration.function
(preproc_function_def name: (identifier) @name) @symbol.function
(preproc_def name: (identifier) @name value: (_)) @symbol.value

(type_definition type: [(struct_specifier body: (_)) (union_specifier body: (_))] @body declarator: (type_identifier) @name) @symbol.class
(type_definition type: (enum_specifier body: (_)) @body declarator: (type_identifier) @name) @symbol.type
(type_definition declarator: (type_identifier) @name) @symbol.type
(type_definition declarator: (pointer_declarator declarator: (type_identifier) @name)) @symbol.type
(type_definition declarator: (function_declarator declarator: (parenthesized_declarator (pointer_declarator declarator: (type_identifier) @name)))) @symbol.type
(struct_specifier name: (type_identifier) @name body: (_)) @symbol.class
(union_specifier name: (type_identifier) @name body: (_)) @symbol.class
(enum_specifier name: (type_identifier) @name body: (_)) @symbol.type

(translation_unit (declaration declarator: (init_declarator declarator: [(identifier) @name (_ declarator: (identifier) @name) (_ declarator: (_ declarator: (identifier) @name))])) @symbol.value)
(translation_unit (declaration declarator: [(identifier) @name (array_declarator declarator: (identifier) @name) (pointer_declarator declarator: (identifier) @name)]) @symbol.value)

(comment) @doc

(preproc_include path: [(string_literal) (system_lib_string)] @reference.import)
(call_expression function: [(identifier) @reference.call (field_expression field: (field_identifier) @reference.call)])
(type_identifier) @reference.use
