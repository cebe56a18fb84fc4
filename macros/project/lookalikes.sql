{# For every trait its name and value, name=value: SQL over contact_traits. Without a value nothing stands behind the sign. #}
{% macro trait_texts() -%}
    {# The null gives the list its type where there is no graph to read the traits from. #}
    {%- set texts = ['cast(null as ' ~ dbt.type_string() ~ ')'] -%}
    {%- for trait in crm_segmentation.trait_types() if trait not in ['contact_id', 'is_erased'] -%}
        {%- do texts.append("'" ~ trait ~ "=' || coalesce(cast(" ~ trait ~ " as " ~ dbt.type_string() ~ "), '')") -%}
    {%- endfor -%}
    {{- return(texts) -}}
{%- endmacro %}


{# The traits as rows (trait, is_number). #}
{% macro trait_kind_rows() -%}
    {%- set rows = [] -%}
    {%- for trait, data_type in crm_segmentation.trait_types().items() -%}
        {%- set is_number = data_type.startswith('integer') or data_type.startswith('bigint') or data_type.startswith('numeric') -%}
        {%- do rows.append("select '" ~ trait ~ "' as trait, " ~ ('true' if is_number else 'false') ~ " as is_number") -%}
    {%- endfor -%}
    {{- rows | join('\nunion all\n') or 'select cast(null as ' ~ dbt.type_string() ~ ') as trait, false as is_number where 1 = 0' -}}
{%- endmacro %}


{# The traits that the criteria of the seed segments read, as rows (segment_name, trait). #}
{% macro lookalike_criteria_rows() -%}
    {%- set traits = crm_segmentation.trait_types() -%}
    {%- set rows = [] -%}
    {%- for segment in crm_segmentation.segment_catalogue() if segment.name in (var('lookalike_segments') or []) -%}
        {#- A value in quotes is no trait, even where it is spelt like one. -#}
        {%- set bare = modules.re.sub("'[^']*'", "''", segment.criteria | join(' ')) | lower -%}
        {%- for word in modules.re.findall('[a-z_][a-z0-9_]*', bare) | unique if word in traits -%}
            {%- do rows.append("select '" ~ segment.name ~ "' as segment_name, '" ~ word ~ "' as trait") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set text = dbt.type_string() -%}
    {{- rows | join('\nunion all\n') or 'select cast(null as ' ~ text ~ ') as segment_name, cast(null as ' ~ text ~ ') as trait where 1 = 0' -}}
{%- endmacro %}


{# A number of four decimals as text, without zeros at the end. #}
{% macro plain_number(number) -%}
    {{ crm_segmentation.regexp_replace_all('cast(cast(' ~ number ~ ' as numeric(18, 4)) as ' ~ dbt.type_string() ~ ')', '[.]?0+$', '') }}
{%- endmacro %}
