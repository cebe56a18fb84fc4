{# The rows of one landed table of every instance of its system, in the columns that the model's YAML describes. There stands, under
   config.meta, what each loader calls the table (`parent.list` for a list within a table) and, at a column, the path of the property
   where it is not the column's own name; several paths are tried in their order. A path a.b is a column a_b or a__b, as the loader
   joins names, a property b of the JSON in a, or, where neither is there, a column a_b that a warehouse made of it. Within a list, ^a is a column of the table that holds it, # the place, . the item itself.
   Where a loader writes a table for each kind of a row, all of them are named, and the path @ is the name of the table. Names that differ in
   case and underscores alone are those of one table, of which a setting of the loader decides. #}
{% macro landed_rows() %}
    {%- if not execute -%}{{- return('select 1 as nothing_yet') -}}{%- endif -%}
    {%- set parts, instances = [], crm_segmentation.instances_of(model.fqn[2]) -%}
    {%- set names_as_landed = crm_segmentation.names_as_landed(instances) -%}
    {%- for instance in instances -%}
        {%- for landed in crm_segmentation.landed_tables(instance, names_as_landed) -%}
            {%- do parts.append(crm_segmentation.landed_part(instance, landed)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- if parts -%}
        {{ parts | join('\n\n    union all\n') }}
    {%- else -%}
    select
        cast(null as {{ dbt.type_string() }}) as source_system,
        {%- for column in model.columns.values() %}
        cast(null as {{ crm_segmentation.landed_type(column.data_type) }}) as {{ column.name }},
        {%- endfor %}
        cast(null as timestamp) as loaded_at

    where 1 = 0
    {%- endif -%}
{% endmacro %}


{# The tables of an instance that the model reads and that have landed. Stops where none has, and the model cannot do without. #}
{% macro landed_tables(instance, names_as_landed) %}
    {%- set tables = crm_segmentation.table_names_of(instance.loader) -%}
    {%- set plain_names, looked_for, found, landed = tables | map('lower') | map('replace', '_', '') | list, {}, {}, [] -%}
    {%- for name in tables -%}
        {%- set plain_name, own_name = plain_names[loop.index0], crm_segmentation.own_table_name(instance, name) -%}
        {%- do looked_for.setdefault(plain_name, own_name) -%}
        {%- if plain_name not in found -%}
            {%- set relation = crm_segmentation.landed_relation(
                instance, crm_segmentation.name_as_kept(own_name), plain_names.count(plain_name) > 1, names_as_landed
            ) -%}
            {%- if relation is not none -%}
                {%- do found.update({plain_name: name}) -%}
                {%- do landed.append(crm_segmentation.landed_table(instance, name, relation)) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set needed_for = model.config.meta.required_for or [] -%}
    {%- if tables and not found and instance.feeds | select('in', needed_for) | list -%}
        {{- exceptions.raise_compiler_error(
            crm_segmentation.named_connector(instance) ~ ": the table " ~ looked_for.values() | join(' or ') ~ " has not landed there, and " ~ needed_for | join(' and ')
            ~ " cannot be read without it. Sync it with " ~ instance.loader ~ ", correct the schema in the variable connectors, or take the entry out until it is there."
        ) -}}
    {%- endif -%}
    {{- return(landed | reject('none') | list) -}}
{% endmacro %}


{# The relation of a landed table, in whatever letters it and its schema are written there; none when it is not there. One that may be
   called in other words as well is asked for its columns: dbt stops where it finds a relation in other letters than it looks for. #}
{% macro landed_relation(instance, table, has_other_names, names_as_landed) -%}
    {%- set as_landed = names_as_landed.get((instance.database ~ '.' ~ instance.schema ~ '.' ~ table) | lower) -%}
    {%- if as_landed -%}
        {{- return(adapter.get_relation(instance.database, as_landed.schema, as_landed.table)) -}}
    {%- elif not has_other_names -%}
        {{- return(adapter.get_relation(instance.database, instance.schema, table)) -}}
    {%- endif -%}
    {%- set relation = api.Relation.create(database=instance.database, schema=instance.schema, identifier=table) -%}
    {{- return(relation if adapter.get_columns_in_relation(relation) else none) -}}
{%- endmacro %}


{# How the tables that the model reads, and their schemas, are written where they are there in other letters than the YAML has them:
   a warehouse may write all names in capitals, and so may a vendor. By database.schema.table in lower case. #}
{% macro names_as_landed(instances) -%}
    {%- set schemas, tables, found = {}, [], {} -%}
    {%- for instance in instances -%}
        {%- do schemas.setdefault(instance.database, []).append(instance.schema | lower) -%}
        {%- for name in crm_segmentation.table_names_of(instance.loader) -%}
            {%- do tables.append(crm_segmentation.name_as_kept(crm_segmentation.own_table_name(instance, name)) | lower) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for database in schemas if tables -%}
        {%- set query = crm_segmentation.tables_of_any_letters(database, schemas[database], tables) -%}
        {%- for row in run_query(query) if query -%}
            {%- do found.update({(database ~ '.' ~ row[0] ~ '.' ~ row[1]) | lower: {'schema': row[0], 'table': row[1]}}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}


{# What a table is called in an instance, by the name that the loader usually gives it, or a list within it. #}
{% macro own_table_name(instance, name) -%}
    {%- set usual_name = name.split('.')[0] -%}
    {{- return(instance.tables.get(usual_name, usual_name)) -}}
{%- endmacro %}


{# What the loader calls the tables that the model reads. #}
{% macro table_names_of(loader) -%}
    {%- set names = model.config.meta.tables.get(loader) or [] -%}
    {{- return([names] if names is string else names) -}}
{%- endmacro %}


{# How messages name an instance. #}
{% macro named_connector(instance) -%}
    {{- return("Connector " ~ instance.name ~ " (" ~ instance.loader ~ ", schema " ~ instance.schema ~ ")") -}}
{%- endmacro %}


{# A table of an instance, its columns, and the list within it where the rows are in one. None where the list has not landed. #}
{% macro landed_table(instance, name, relation) %}
    {%- set table, list = name.split('.')[0], crm_segmentation.name_as_kept(name.split('.')[1]) if '.' in name else none -%}
    {%- set physical = crm_segmentation.columns_by_usual_name(instance, table, relation) -%}
    {%- if list is not none and list not in physical -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set landed = {'relation': relation, 'physical': physical, 'list': list, 'table': table} -%}
    {%- for column in model.columns.values() if column.config.meta.required and list is none -%}
        {%- if not crm_segmentation.has_value(instance, landed, column) -%}
            {{- exceptions.raise_compiler_error(
                crm_segmentation.named_connector(instance) ~ ": the table " ~ table ~ " has no column "
                ~ crm_segmentation.paths_of(instance, column) | join(' or ') ~ ", which is required (" ~ column.description ~ "). Sync it with "
                ~ instance.loader ~ ", then run again. Columns found: " ~ physical.keys() | join(', ') ~ "."
            ) -}}
        {%- endif -%}
    {%- endfor -%}
    {{- return(landed) -}}
{% endmacro %}


{# The columns of a landed table by lower-cased name, and by the usual name too where the instance says that one is called otherwise here.
   Stops where a column that it names is not there. #}
{% macro columns_by_usual_name(instance, table, relation) %}
    {%- set physical = crm_segmentation.columns_by_name(relation) -%}
    {%- set found = physical.copy() -%}
    {%- for usual_name, own_name in (instance.columns.get(table) or {}).items() -%}
        {%- if own_name | lower not in physical -%}
            {{- exceptions.raise_compiler_error(
                crm_segmentation.named_connector(instance) ~ ": the table " ~ relation.identifier ~ " has no column " ~ own_name ~ ", which stands for " ~ usual_name
                ~ " under columns in the variable connectors. Columns found: " ~ physical.keys() | join(', ') ~ "."
            ) -}}
        {%- endif -%}
        {%- do found.update({usual_name | lower: physical[own_name | lower]}) -%}
    {%- endfor -%}
    {{- return(found) -}}
{% endmacro %}


{# The select of one instance: first what every path leads to, then each column out of that in its type, so that a long expression is
   written once. What the loader says is deleted, or a former version of a row, is left out; a model with a column is_deleted has
   deleted rows as well. Of several versions of a row, or of the row that holds a list, the one that arrived last is read, also when its
   list has become empty; where that one says that the row was deleted, no former one takes its place. #}
{% macro landed_part(instance, landed) %}
    {%- set loader = crm_segmentation.connector_loaders()[instance.loader] -%}
    {%- set physical = landed.physical -%}
    {%- set deleted = crm_segmentation.loader_flag(loader.deleted, physical) -%}
    {%- set values = crm_segmentation.landed_values(instance, landed) -%}
    {%- set key_values = values | selectattr('column', 'in', model.config.meta.key or []) | rejectattr('is_of_item') | map(attribute='sql') | list -%}
    {%- set is_ranked = loader.keeps_versions and key_values and loader.arrived in physical -%}
    {%- set leaves_out_deleted = deleted and 'is_deleted' not in model.columns -%}
    {%- set conditions = [] -%}
    {%- if leaves_out_deleted and not is_ranked -%}
        {%- do conditions.append('not ' ~ deleted) -%}
    {%- endif -%}
    {%- if loader.current in physical -%}
        {%- do conditions.append(crm_segmentation.loader_flag(loader.current, physical, 'true')) -%}
    {%- endif -%}
    {%- set parents -%}
    (
            select
                *
                {%- if is_ranked %},
                {{ crm_segmentation.version_number(loader, physical, key_values) }} as parent_version
                {%- endif %}

            from {{ landed.relation }}
            {%- if conditions %}

            where {{ conditions | join(' and ') }}
            {%- endif %}
        )
    {%- endset %}
    select
        cast('{{ dbt.escape_single_quotes(instance.source_system) }}' as {{ dbt.type_string() }}) as source_system,
        {%- for column in model.columns.values() %}
        {%- set of_column = values | selectattr('column', 'equalto', column.name) | list %}
        {%- if column.name == 'is_deleted' %}
        is_deleted,
        {%- elif of_column %}
        {{ crm_segmentation.first_landed_value(of_column, column) }} as {{ column.name }},
        {%- else %}
        cast(null as {{ crm_segmentation.landed_type(column.data_type) }}) as {{ column.name }},
        {%- endif %}
        {%- endfor %}
        {{ crm_segmentation.landed_cast('arrived', physical[loader.arrived].dtype, 'timestamp', 'seconds') if loader.arrived in physical else 'cast(null as timestamp)' }} as loaded_at

    from (
        select
            {%- for value in values %}
            {{ value.sql }} as {{ value.name }},
            {%- endfor %}
            {%- if 'is_deleted' in model.columns %}
            {{ deleted or 'false' }} as is_deleted,
            {%- endif %}
            {%- if leaves_out_deleted and is_ranked %}
            {{ deleted }} as is_gone,
            {%- endif %}
            {%- if loader.arrived in physical %}
            {{ adapter.quote(physical[loader.arrived].name) }} as arrived,
            {%- endif %}
            {{ 'parent_version' if is_ranked and landed.list else crm_segmentation.version_number(loader, physical, key_values) if is_ranked else '1' }} as version_number

        from {{ crm_segmentation.json_items(parents, adapter.quote(physical[landed.list].name), physical[landed.list].dtype) if landed.list else landed.relation }}
        {%- if conditions and not landed.list %}

        where {{ conditions | join(' and ') }}
        {%- endif %}
    ) as landed_values

    where version_number = 1{{ ' and not is_gone' if leaves_out_deleted and is_ranked }}
{%- endmacro %}


{# Which version of a row it is, 1 for the one that arrived last. #}
{% macro version_number(loader, physical, key_values) -%}
    row_number() over (
                partition by {{ key_values | join(', ') }}
                order by {{ adapter.quote(physical[loader.arrived].name) }} desc
                {%- if loader.row in physical %}, cast({{ adapter.quote(physical[loader.row].name) }} as {{ dbt.type_string() }}) desc{% endif %}
            )
{%- endmacro %}


{# A truth value of the loader, whatever the warehouse has it as: a flag, a word or number for one (files know no flags), or a moment that is
   there. Where nothing stands, the value that is given. #}
{% macro loader_flag(name, physical, when_null='false') -%}
    {%- if name not in physical -%}
        {{- return(none) -}}
    {%- endif -%}
    {%- set column, physical_type = adapter.quote(physical[name].name), physical[name].dtype -%}
    {%- if physical_type | lower in ['boolean', 'bool'] -%}
        {{- return('coalesce(' ~ column ~ ', ' ~ when_null ~ ')') -}}
    {%- elif crm_segmentation.is_typed('timestamp', physical_type) -%}
        {{- return('(' ~ column ~ ' is not null)') -}}
    {%- endif -%}
    {%- set word = crm_segmentation.tidy_text(column) -%}
    {{- return("coalesce(lower(" ~ word ~ ") not in ('false', 'f', '0', '0.0', 'no', 'n'), " ~ when_null ~ ")") -}}
{%- endmacro %}


{# The paths of a property in the words of a loader. #}
{% macro paths_of(instance, column) -%}
    {%- set meta = column.config.meta or {} -%}
    {%- set paths = meta.get(instance.loader, meta.get('path', column.name)) -%}
    {{- return([paths] if paths is string else paths) -}}
{%- endmacro %}


{# What the paths of all columns lead to in a landed table: column, name, SQL and physical type of each, texts tidied. #}
{% macro landed_values(instance, landed) -%}
    {%- set values = [] -%}
    {%- for column in model.columns.values() -%}
        {%- set seen = [] -%}
        {%- for path in crm_segmentation.paths_of(instance, column) -%}
            {%- set value = crm_segmentation.landed_value(instance, landed, path) -%}
            {%- if value is not none and value.sql not in seen -%}
                {%- do seen.append(value.sql) -%}
                {%- do values.append({
                    'column': column.name,
                    'name': 'value_' ~ (values | length + 1),
                    'dtype': value.dtype,
                    'is_of_item': landed.list is not none and not path.startswith('^'),
                    'sql': value.sql if crm_segmentation.is_native(value.dtype) else crm_segmentation.tidy_text(value.sql),
                }) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(values) -}}
{%- endmacro %}


{# Whether the warehouse has a value as a number, a moment or a truth value. #}
{% macro is_native(physical_type) -%}
    {%- set physical = physical_type | lower -%}
    {{- return(crm_segmentation.is_typed('decimal', physical) or crm_segmentation.is_typed('timestamp', physical) or physical in ['boolean', 'bool']) -}}
{%- endmacro %}


{# SQL of a column in the type that the YAML gives it: the first of its values that is there. #}
{% macro first_landed_value(values, column) -%}
    {%- set casts = [] -%}
    {%- for value in values -%}
        {%- do casts.append(crm_segmentation.landed_cast(value.name, value.dtype, column.data_type, column.config.meta.unit) | trim) -%}
    {%- endfor -%}
    {{- casts[0] if casts | length == 1 else 'coalesce(' ~ casts | join(', ') ~ ')' -}}
{%- endmacro %}


{# Whether one of the paths of a column is there. #}
{% macro has_value(instance, landed, column) -%}
    {%- set found = [] -%}
    {%- for path in crm_segmentation.paths_of(instance, column) if crm_segmentation.landed_value(instance, landed, path) is not none -%}
        {%- do found.append(path) -%}
    {%- endfor -%}
    {{- return(found | length > 0) -}}
{%- endmacro %}


{# SQL and physical type of what a path leads to; none where there is nothing. #}
{% macro landed_value(instance, landed, path) -%}
    {%- set joined_by = crm_segmentation.connector_loaders()[instance.loader].joined_by -%}
    {%- set physical = landed.physical -%}
    {%- if path == '@' -%}
        {{- return({'sql': crm_segmentation.sql_text(landed.table), 'dtype': 'text'}) -}}
    {%- elif landed.list and path == '#' -%}
        {{- return({'sql': 'item_position', 'dtype': 'integer'}) -}}
    {%- elif landed.list and not path.startswith('^') -%}
        {{- return({'sql': crm_segmentation.json_value('item', 'json', path.split('.') if path != '.' else []), 'dtype': 'text'}) -}}
    {%- endif -%}
    {%- set names = path.replace('^', '').split('.') -%}
    {%- set first_name = crm_segmentation.name_as_kept(names[0] | lower) -%}
    {%- set flat = first_name if names | length == 1 else names | join(joined_by or '.') | lower -%}
    {%- if flat in physical -%}
        {{- return({'sql': adapter.quote(physical[flat].name), 'dtype': physical[flat].dtype}) -}}
    {%- elif names | length > 1 and first_name in physical -%}
        {%- set whole = physical[first_name] -%}
        {{- return({'sql': crm_segmentation.json_value(adapter.quote(whole.name), whole.dtype, names[1:]), 'dtype': 'text'}) -}}
    {%- elif names | join('_') | lower in physical -%}
        {%- set flattened = physical[names | join('_') | lower] -%}
        {{- return({'sql': adapter.quote(flattened.name), 'dtype': flattened.dtype}) -}}
    {%- endif -%}
    {{- return(none) -}}
{%- endmacro %}


{# The SQL type of a column of a landed table. #}
{% macro landed_type(data_type) -%}
    {{- return({
        'text': dbt.type_string(), 'timestamp': 'timestamp', 'decimal': 'numeric(18, 4)', 'integer': dbt.type_bigint(), 'boolean': 'boolean',
    }[data_type]) -}}
{%- endmacro %}


{# A landed value in the type that the YAML gives it; null where it cannot be read. Numbers that are to be moments count from 1970 on in
   a unit. A number that is to be a text, as a key or a phone number is, loses the fraction that it never had. #}
{% macro landed_cast(value, physical_type, data_type, unit=none) -%}
    {%- set physical = physical_type | lower -%}
    {%- set as_text = 'cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- set is_number = crm_segmentation.is_typed('decimal', physical) -%}
    {%- set is_moment = crm_segmentation.is_typed('timestamp', physical) -%}
    {%- set per_second = {'seconds': 1, 'milliseconds': 1000, 'microseconds': 1000000}[unit or 'seconds'] -%}
    {%- set microseconds = crm_segmentation.try_cast(as_text, 'numeric(28, 10)') ~ ' * ' ~ (1000000 // per_second) -%}
    {%- if data_type == 'text' and is_number and not crm_segmentation.is_whole_type(physical) -%}
        case when {{ value }} = floor({{ value }}) and abs({{ value }}) < 1000000000000000000 then cast(cast({{ value }} as {{ dbt.type_bigint() }}) as {{ dbt.type_string() }}) else {{ as_text }} end
    {%- elif data_type == 'text' -%}
        {{ as_text }}
    {%- elif data_type == 'timestamp' and is_moment -%}
        {{ crm_segmentation.utc_moment(value, physical) }}
    {%- elif data_type == 'timestamp' and is_number -%}
        {{ crm_segmentation.from_epoch(microseconds) }}
    {%- elif data_type == 'timestamp' and unit -%}
        case
            when {{ crm_segmentation.regexp_like(value, '^[0-9]{9,16}([.][0-9]+)?$') }} then {{ crm_segmentation.from_epoch(microseconds) }}
            else {{ crm_segmentation.parse_timestamp(value) }}
        end
    {%- elif data_type == 'timestamp' -%}
        {{ crm_segmentation.parse_timestamp(value) }}
    {%- elif data_type == 'decimal' -%}
        {{ crm_segmentation.try_cast(as_text, 'numeric(18, 4)') if is_number else crm_segmentation.parse_decimal(value) }}
    {%- elif data_type == 'integer' -%}
        cast({{ crm_segmentation.try_cast(as_text, 'numeric(18, 4)') }} as {{ dbt.type_bigint() }})
    {%- elif physical in ['boolean', 'bool'] -%}
        {{ value }}
    {%- else -%}
        (lower({{ as_text }}) in ('true', 't', '1', '1.0', 'yes', 'y'))
    {%- endif -%}
{%- endmacro %}
