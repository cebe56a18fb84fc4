{# For every trait its name and value, name=value, null where the column uses_<trait> of used_trait_columns is 0: SQL over contact_traits.
   Without a value nothing stands behind the sign. #}
{% macro used_trait_texts() -%}
    {# The null gives the list its type where there is no graph to read the traits from. #}
    {%- set texts = ['cast(null as ' ~ dbt.type_string() ~ ')'] -%}
    {%- for trait in crm_segmentation.trait_types() if trait not in ['contact_id', 'is_erased'] -%}
        {%- do texts.append(
            'case when uses_' ~ trait ~ " = 1 then '" ~ trait ~ "=' || coalesce(cast(" ~ trait ~ " as " ~ dbt.type_string() ~ "), '') end"
        ) -%}
    {%- endfor -%}
    {{- return(texts) -}}
{%- endmacro %}


{# For every value of every trait (name=value) how many rows of a relation have it, and the sums of flags. Grouping sets read the rows
   once and make none; in parts, because Spark groups by at most 64 columns at a time. #}
{% macro trait_value_counts(relation, flags) -%}
    {%- set traits = crm_segmentation.trait_types().keys() | reject('in', ['contact_id', 'is_erased']) | list -%}
    {%- for part in traits | batch(60) %}

    select
        case
            {%- for trait in part %}
            when grouping({{ trait }}) = 0 then '{{ trait }}=' || coalesce(cast({{ trait }} as {{ dbt.type_string() }}), '')
            {%- endfor %}
        end as trait_value,
        count(*) as contact_count
        {%- for flag in flags %},
        sum({{ flag }}) as {{ flag }}
        {%- endfor %}

    from {{ relation }}

    group by grouping sets (({{ part | join('), (') }}))
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- else %}

    select
        cast(null as {{ dbt.type_string() }}) as trait_value,
        0 as contact_count
        {%- for flag in flags %},
        0 as {{ flag }}
        {%- endfor %}

    {{ crm_segmentation.no_rows() }}
    {%- endfor %}
{%- endmacro %}


{# For every trait 1 or 0, whether it stands in the rows of a relation with a column trait. #}
{% macro used_trait_columns() -%}
    {%- set columns = ['count(*) as row_count'] -%}
    {%- for trait in crm_segmentation.trait_types() if trait not in ['contact_id', 'is_erased'] -%}
        {%- do columns.append("max(case when trait = '" ~ trait ~ "' then 1 else 0 end) as uses_" ~ trait) -%}
    {%- endfor -%}
    {{- columns | join(',\n        ') -}}
{%- endmacro %}


{# Names of the columns that say whether a contact is in a seed segment: is_member_1, is_member_2, ..., in the order of the variable. #}
{% macro lookalike_flags() -%}
    {%- set flags = [] -%}
    {%- for name in var('lookalike_segments') or [] -%}
        {%- do flags.append('is_member_' ~ loop.index) -%}
    {%- endfor -%}
    {{- return(flags or ['is_member_0']) -}}
{%- endmacro %}


{# For every seed segment 1 or 0, whether a contact is in it, as columns is_member_1, is_member_2, ... #}
{% macro lookalike_member_columns() -%}
    {%- set columns = [] -%}
    {%- for name in var('lookalike_segments') or [] -%}
        {%- do columns.append('max(case when segment_name = ' ~ crm_segmentation.sql_text(name) ~ ' then 1 else 0 end) as is_member_' ~ loop.index) -%}
    {%- endfor -%}
    {{- columns | join(',\n        ') or '0 as is_member_0' -}}
{%- endmacro %}


{# The traits as rows (trait, is_number). #}
{% macro trait_kind_rows() -%}
    {%- set rows = [] -%}
    {%- for trait, data_type in crm_segmentation.trait_types().items() -%}
        {%- set is_number = data_type.startswith('integer') or data_type.startswith('bigint') or data_type.startswith('numeric') -%}
        {%- do rows.append(["'" ~ trait ~ "'", 'true' if is_number else 'false']) -%}
    {%- endfor -%}
    {{- crm_segmentation.literal_rows(['trait', 'is_number'], rows) if rows else 'select cast(null as ' ~ dbt.type_string() ~ ') as trait, false as is_number ' ~ crm_segmentation.no_rows() -}}
{%- endmacro %}


{# The names of lookalike_segments that are in force, as rows (segment_name). #}
{% macro lookalike_segment_rows() -%}
    {%- set rows = [] -%}
    {%- for segment in crm_segmentation.segment_catalogue() if segment.name in (var('lookalike_segments') or []) -%}
        {%- do rows.append([crm_segmentation.sql_text(segment.name)]) -%}
    {%- endfor -%}
    {{- crm_segmentation.value_rows({'segment_name': dbt.type_string()}, rows) -}}
{%- endmacro %}


{# The traits that the criteria of the seed segments read, as rows (segment_name, trait). #}
{% macro lookalike_criteria_rows() -%}
    {%- set traits = crm_segmentation.trait_types() -%}
    {%- set rows = [] -%}
    {%- for segment in crm_segmentation.segment_catalogue() if segment.name in (var('lookalike_segments') or []) -%}
        {#- A value in quotes is no trait, even where it is spelt like one. -#}
        {%- set bare = modules.re.sub("'[^']*'", "''", segment.criteria | join(' ')) | lower -%}
        {%- for word in modules.re.findall('[a-z_][a-z0-9_]*', bare) | unique if word in traits -%}
            {%- do rows.append(["'" ~ segment.name ~ "'", "'" ~ word ~ "'"]) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set text = dbt.type_string() -%}
    {{- crm_segmentation.literal_rows(['segment_name', 'trait'], rows) if rows else 'select cast(null as ' ~ text ~ ') as segment_name, cast(null as ' ~ text ~ ') as trait ' ~ crm_segmentation.no_rows() -}}
{%- endmacro %}


{# A number of four decimals as text, without zeros at the end. #}
{% macro plain_number(number) -%}
    {{ crm_segmentation.regexp_replace_all('cast(cast(' ~ number ~ ' as numeric(18, 4)) as ' ~ dbt.type_string() ~ ')', '[.]?0+$', '') }}
{%- endmacro %}
