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
    {{- return('coalesce(' ~ crm_segmentation.is_unless_denied(crm_segmentation.tidy_text(column)) ~ ', ' ~ when_null ~ ')') -}}
{%- endmacro %}


{# A word for a truth value that holds unless it says that it does not: null where it is one of those that programs write for nothing.
   Allow is how Dynamics labels a flag that forbids and is not set. #}
{% macro is_unless_denied(word) -%}
    {%- set nothing = "'none', 'null', 'nan', 'nat', 'nil', 'undefined', 'n/a', '-', chr(92) || 'n'" -%}
    {%- set denials = "'false', 'f', '0', '0.0', 'no', 'n', 'off', 'allow', 'nein', 'non', 'faux', 'falsch'" -%}
    case when lower({{ word }}) not in ({{ nothing }}) then lower({{ word }}) not in ({{ denials }}) end
{%- endmacro %}


{# The paths of a property in the words of a loader, or of one that names as it does. #}
{% macro paths_of(instance, column) -%}
    {%- set meta, names_as = column.config.meta or {}, instance.writes.names_as -%}
    {%- set paths = meta.get(instance.loader, meta.get(names_as, meta.get('path', column.name))) -%}
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
                    'is_of_item': crm_segmentation.level_of(landed, path) > 0,
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
        {%- do casts.append(crm_segmentation.landed_cast(value.name, value.dtype, column.data_type, column.config.meta.unit, column.config.meta.is_no) | trim) -%}
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


{# How far below the rows of its table a path leads: 0 for those, 1 for the items of a list in them, 2 for those of a list in items. #}
{% macro level_of(landed, path) -%}
    {{- return(landed.lists | length - (path | length - path.lstrip('^') | length)) -}}
{%- endmacro %}


{# SQL and physical type of what a path leads to; none where there is nothing. #}
{% macro landed_value(instance, landed, path) -%}
    {%- set depth, level = landed.lists | length, crm_segmentation.level_of(landed, path) -%}
    {%- set names, has_tables = path.lstrip('^').split('.'), landed.levels | length > 1 -%}
    {%- if path == '@' -%}
        {{- return({'sql': crm_segmentation.sql_text(landed.table), 'dtype': 'text'}) -}}
    {%- elif level < 0 -%}
        {{- return(none) -}}
    {%- elif depth and path == '#' and not has_tables -%}
        {{- return({'sql': 'item_position', 'dtype': 'integer'}) -}}
    {%- elif has_tables or level == 0 -%}
        {%- set names = {'#': ['_dlt_list_idx'], '.': ['value']}.get(path, names) if has_tables else names -%}
        {{- return(crm_segmentation.value_in_columns(
            instance, landed.levels[level].physical, names, 'level_' ~ level ~ '.' if has_tables else ''
        )) -}}
    {%- endif -%}
    {{- return({
        'sql': crm_segmentation.json_value('item' if level == depth else 'held_item', 'json', names if path != '.' else []),
        'dtype': 'text',
    }) -}}
{%- endmacro %}


{# The same within the columns of one table, given the names of a path and what stands before the name of a column. #}
{% macro value_in_columns(instance, physical, names, of_table) -%}
    {%- set loader = instance.writes -%}
    {%- set own_names = crm_segmentation.snake_names(names) if loader.lists_as_tables else names -%}
    {%- set list = own_names[0].split('[')[0] -%}
    {%- set first_name = crm_segmentation.name_as_kept(list | lower) -%}
    {%- set flat = first_name if names | length == 1 else own_names | join(loader.joined_by or '.') | lower -%}
    {%- if list != own_names[0] -%}
        {%- if first_name in physical -%}
            {{- return({
                'sql': crm_segmentation.json_entry(of_table ~ adapter.quote(physical[first_name].name), physical[first_name].dtype, names[0][list | length + 1:-1]),
                'dtype': 'text',
            }) -}}
        {%- endif -%}
    {%- elif flat in physical -%}
        {{- return({'sql': of_table ~ adapter.quote(physical[flat].name), 'dtype': physical[flat].dtype}) -}}
    {%- elif names | length > 1 and first_name in physical -%}
        {%- set whole = physical[first_name] -%}
        {{- return({'sql': crm_segmentation.json_value(of_table ~ adapter.quote(whole.name), whole.dtype, names[1:]), 'dtype': 'text'}) -}}
    {%- endif -%}
    {%- for joined_by in ['_', '.'] if own_names | join(joined_by) | lower in physical -%}
        {%- set flattened = physical[own_names | join(joined_by) | lower] -%}
        {{- return({'sql': of_table ~ adapter.quote(flattened.name), 'dtype': flattened.dtype}) -}}
    {%- endfor -%}
    {{- return(none) -}}
{%- endmacro %}


{# The SQL type of a column of a landed table. #}
{% macro landed_type(data_type) -%}
    {{- return({
        'text': dbt.type_string(), 'timestamp': 'timestamp', 'decimal': 'numeric(18, 4)', 'integer': dbt.type_bigint(), 'boolean': 'boolean',
    }[data_type]) -}}
{%- endmacro %}


{# A landed value in the type that the YAML gives it; null where it cannot be read. Numbers that are to be moments count from 1970 on in
   a unit, or are the digits of one; a text may name its month. A flag that forbids (is_no) is set by every word that does not deny it,
   any other by a word for yes alone. A number that is to be a text, as a key or a phone number is, loses the fraction that it never
   had. #}
{% macro landed_cast(value, physical_type, data_type, unit=none, is_no=false) -%}
    {%- set physical = physical_type | lower -%}
    {%- set as_text = 'cast(' ~ value ~ ' as ' ~ dbt.type_string() ~ ')' -%}
    {%- set is_number = crm_segmentation.is_typed('decimal', physical) -%}
    {%- set is_moment = crm_segmentation.is_typed('timestamp', physical) -%}
    {%- set per_second = {'milliseconds': 1000, 'microseconds': 1000000}.get(unit, 1) -%}
    {%- set microseconds = crm_segmentation.try_cast(as_text, 'numeric(28, 10)') ~ ' * ' ~ (1000000 // per_second) -%}
    {%- if data_type == 'text' and is_number and not crm_segmentation.is_whole_type(physical) -%}
        case when {{ value }} = floor({{ value }}) and abs({{ value }}) < 1000000000000000000 then cast(cast({{ value }} as {{ dbt.type_bigint() }}) as {{ dbt.type_string() }}) else {{ as_text }} end
    {%- elif data_type == 'text' -%}
        {{ as_text }}
    {%- elif data_type == 'timestamp' and is_moment -%}
        {{ crm_segmentation.utc_moment(value, physical) }}
    {%- elif data_type == 'timestamp' and unit == 'digits' -%}
        {{ crm_segmentation.parse_digits('cast(' ~ crm_segmentation.try_cast(as_text, 'numeric(28, 0)') ~ ' as ' ~ dbt.type_string() ~ ')' if is_number else value) }}
    {%- elif data_type == 'timestamp' and is_number -%}
        {{ crm_segmentation.from_epoch(microseconds) }}
    {%- elif data_type == 'timestamp' and unit == 'month names' -%}
        {{ crm_segmentation.parse_month_names(value) }}
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
    {%- elif is_no -%}
        {{ crm_segmentation.is_unless_denied(as_text) }}
    {%- else -%}
        (lower({{ as_text }}) in ('true', 't', '1', '1.0', 'yes', 'y'))
    {%- endif -%}
{%- endmacro %}
