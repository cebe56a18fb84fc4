{# The segments in force: those of models/marts/segments/segments.yml unless shipped_segments is false, replaced or extended by
   the variable segments, less disabled_segments; in alphabetical order, defaults filled in. #}
{% macro segment_catalogue() %}
    {%- if not execute -%}{{- return([]) -}}{%- endif -%}
    {%- set by_name = {} -%}
    {%- for segment in (crm_segmentation.shipped_segments() if var('shipped_segments') else []) + (var('segments') or []) -%}
        {%- do by_name.update({segment.get('name'): {
            'name': segment.get('name'),
            'label': segment.get('label') or (segment.get('name') or '') | replace('_', ' ') | capitalize,
            'model': segment.get('model'),
            'goal': segment.get('goal'),
            'offer': segment.get('offer'),
            'channels': crm_segmentation.as_list(segment.get('channels')),
            'priority': segment.get('priority', 1000),
            'exclusive_group': segment.get('exclusive_group'),
            'framing': segment.get('framing'),
            'department': segment.get('department'),
            'owner': segment.get('owner'),
            'reviewed_on': segment.get('reviewed_on'),
            'criteria': crm_segmentation.as_list(segment.get('criteria')),
        }}) -%}
    {%- endfor -%}
    {%- set segments = [] -%}
    {%- for name in by_name.keys() | sort if name not in (var('disabled_segments') or []) -%}
        {%- do segments.append(by_name[name]) -%}
    {%- endfor -%}
    {{- return(segments) -}}
{% endmacro %}


{# The segments of segments.yml, whether in force or not. #}
{% macro shipped_segments() %}
    {{- return(crm_segmentation.segment_meta().get('segments') or []) -}}
{% endmacro %}


{# Names that a list may use although their segment is switched off: those of segments.yml and of the variable segments. #}
{% macro known_segment_names() %}
    {{- return((crm_segmentation.shipped_segments() + (var('segments') or [])) | map(attribute='name') | list) -}}
{% endmacro %}


{# A list as it is; a single text, which YAML gives where somebody leaves out the brackets, as a list of one. #}
{% macro as_list(value) %}
    {{- return([value] if value is string else value or []) -}}
{% endmacro %}


{# What segments.yml holds under config.meta: segments, exclusive_groups and the vocabularies. #}
{% macro segment_meta() %}
    {{- return(crm_segmentation.model_meta('segment_definitions')) -}}
{% endmacro %}


{# The traits that criteria may use, with their types: the described columns of contact_traits. #}
{% macro trait_types() %}
    {%- set types = {} -%}
    {%- set node = crm_segmentation.model_node('contact_traits') -%}
    {%- for column in (node.columns.values() if node else []) -%}
        {%- do types.update({column.name: column.data_type}) -%}
    {%- endfor -%}
    {{- return(types) -}}
{% endmacro %}


{# All criteria of a segment as one condition. #}
{% macro criteria_sql(segment) -%}
    {%- set conditions = [] -%}
    {%- for criterion in segment.criteria -%}
        {%- do conditions.append('(' ~ criterion ~ ')') -%}
    {%- endfor -%}
    {{- conditions | join(' and ') -}}
{%- endmacro %}


{# What a movement by rule is told by: a hash of the criteria and of all rules that stand behind the traits in them.
   changed: other values for some variables and seeds, by name. #}
{% macro definition_version(segment, changed={}) -%}
    {%- set parts = [] -%}
    {%- for criterion in segment.criteria -%}
        {%- do parts.append(modules.re.sub('\\s+', ' ', criterion | string) | trim) -%}
    {%- endfor -%}
    {#- A value in quotes is no trait, even where it is spelt like one. -#}
    {%- set bare = modules.re.sub("'[^']*'", "''", parts | join(' ')) | lower -%}
    {%- set rules = [crm_segmentation.model_meta('contact_traits').get('rules_of_all') or {}] -%}
    {%- for word in modules.re.findall('[a-z_][a-z0-9_]*', bare) | unique -%}
        {%- do rules.append(crm_segmentation.trait_rules(word)) -%}
    {%- endfor -%}
    {{- return(local_md5((parts | sort + crm_segmentation.rule_settings(rules, changed)) | join('\n'))[:12]) -}}
{%- endmacro %}


{# For every segment in force its name where all criteria hold, else null: SQL over contact_traits. #}
{% macro segment_texts() -%}
    {# The null gives the list its type where no segment is in force. #}
    {%- set texts = ['cast(null as ' ~ dbt.type_string() ~ ')'] -%}
    {%- for segment in crm_segmentation.segment_catalogue() -%}
        {%- do texts.append("case when " ~ crm_segmentation.criteria_sql(segment) ~ " then '" ~ segment.name ~ "' end") -%}
    {%- endfor -%}
    {{- return(texts) -}}
{%- endmacro %}


{# A text as an SQL literal; none as null. #}
{% macro sql_text(text) -%}
    {{- crm_segmentation.text_literal(text | string) if text is not none else 'null' -}}
{%- endmacro %}


{# The catalogue as rows of a select. #}
{% macro segment_rows() -%}
    {%- if not execute -%}{{- return('select 1 as nothing_yet') -}}{%- endif -%}
    {%- for segment in crm_segmentation.segment_catalogue() -%}
    select
        {{ crm_segmentation.sql_text(segment.name) }} as segment_name,
        {{ crm_segmentation.sql_text(segment.label) }} as label,
        {{ crm_segmentation.sql_text(segment.model) }} as model,
        {{ crm_segmentation.sql_text(segment.goal) }} as goal,
        {{ crm_segmentation.sql_text(segment.offer) }} as offer,
        {{ crm_segmentation.sql_text('|' ~ segment.channels | join('|') ~ '|' if segment.channels else none) }} as channels,
        {{ segment.priority }} as priority,
        {{ crm_segmentation.sql_text(segment.exclusive_group) }} as exclusive_group,
        {{ segment.criteria | length }} as criteria_count,
        {{ crm_segmentation.sql_text(segment.criteria | join('; ')) }} as criteria,
        {{ crm_segmentation.sql_text(crm_segmentation.definition_version(segment)) }} as definition_version,
        {{ crm_segmentation.sql_text(segment.get('framing')) }} as framing,
        {{ crm_segmentation.sql_text(segment.get('department')) }} as department,
        {{ crm_segmentation.sql_text(segment.get('owner')) }} as owned_by,
        {{ crm_segmentation.sql_text(segment.get('reviewed_on')) }} as reviewed_on
    {%- if not loop.last %}
    union all
    {% endif -%}
    {%- else -%}
    select
        {%- for column in [
            'segment_name', 'label', 'model', 'goal', 'offer', 'channels', 'exclusive_group', 'criteria', 'definition_version',
            'framing', 'department', 'owned_by', 'reviewed_on',
        ] %}
        cast(null as {{ dbt.type_string() }}) as {{ column }},
        {%- endfor %}
        0 as priority,
        0 as criteria_count
    {{ crm_segmentation.no_rows() }}
    {%- endfor -%}
{%- endmacro %}


{# The exclusive groups that have a segment in force, as rows (exclusive_group, is_complete). A group is complete no longer once
   one of its shipped segments is switched off. #}
{% macro exclusive_group_rows() -%}
    {%- set groups = crm_segmentation.segment_catalogue() | map(attribute='exclusive_group') | list -%}
    {%- set names = crm_segmentation.segment_catalogue() | map(attribute='name') | list -%}
    {%- set incomplete = crm_segmentation.shipped_segments() | rejectattr('name', 'in', names) | map(attribute='exclusive_group', default='') | list -%}
    {%- for group in crm_segmentation.segment_meta().get('exclusive_groups') or [] if group.name in groups -%}
    select
        '{{ group.name }}' as exclusive_group,
        {{ 'true' if group.complete and group.name not in incomplete else 'false' }} as is_complete
    {%- if not loop.last %}
    union all
    {% endif -%}
    {%- else -%}
    select
        cast(null as {{ dbt.type_string() }}) as exclusive_group,
        false as is_complete
    {{ crm_segmentation.no_rows() }}
    {%- endfor -%}
{%- endmacro %}
