{# The suppressions in force: those of models/marts/segments/suppressions.yml, replaced or extended by the variable
   suppressions, less disabled_suppressions; in the order in which they are tried. #}
{% macro suppression_catalogue() %}
    {%- if not execute -%}{{- return([]) -}}{%- endif -%}
    {%- set by_name = {} -%}
    {%- for suppression in crm_segmentation.shipped_suppressions() + (var('suppressions') or []) -%}
        {%- do by_name.update({suppression.get('name'): {
            'name': suppression.get('name'),
            'reason': suppression.get('reason'),
            'segments': crm_segmentation.as_list(suppression.get('segments')),
            'criteria': crm_segmentation.as_list(suppression.get('criteria')),
        }}) -%}
    {%- endfor -%}
    {%- set suppressions = [] -%}
    {%- for name, suppression in by_name.items() if name not in (var('disabled_suppressions') or []) -%}
        {%- do suppressions.append(suppression) -%}
    {%- endfor -%}
    {{- return(suppressions) -}}
{% endmacro %}


{# What suppressions.yml holds under config.meta. #}
{% macro shipped_suppressions() %}
    {{- return(crm_segmentation.model_meta('segment_suppressions').get('suppressions') or []) -}}
{% endmacro %}


{# The name of the first suppression that holds for a segment and a contact: SQL over segment_name and the traits. #}
{% macro suppression_sql() -%}
    {%- set conditions = [] -%}
    {%- for suppression in crm_segmentation.suppression_catalogue() -%}
        {%- set criteria = crm_segmentation.criteria_sql(suppression) -%}
        {%- if '*' not in suppression.segments -%}
            {%- set criteria = 'segment_name in (' ~ crm_segmentation.text_literals(suppression.segments) ~ ') and ' ~ criteria -%}
        {%- endif -%}
        {%- do conditions.append((criteria, suppression.name)) -%}
    {%- endfor -%}
    {{- crm_segmentation.first_reason(conditions) if conditions else 'cast(null as ' ~ dbt.type_string() ~ ')' -}}
{%- endmacro %}


{# A list of texts as SQL literals; one that nothing equals for an empty list. #}
{% macro text_literals(texts) -%}
    {%- for text in texts or [none] -%}
        {{- crm_segmentation.sql_text(text) }}{{ ', ' if not loop.last -}}
    {%- endfor -%}
{%- endmacro %}


{# Everything wrong with the suppressions, in one message that says what to write instead. #}
{% macro check_suppressions() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- do crm_segmentation.stop_on_shapes('Suppression', 'models/marts/segments/suppressions.yml', {
        'suppressions.yml': crm_segmentation.shipped_suppressions(), 'the variable suppressions': var('suppressions') or [],
    }, ['reason'], ['segments', 'criteria']) -%}
    {%- set traits = crm_segmentation.trait_types() -%}
    {%- set segments = crm_segmentation.known_segment_names() -%}
    {%- set problems, catalogue = [], crm_segmentation.suppression_catalogue() -%}
    {%- for list_name, suppressions in {'suppressions.yml': crm_segmentation.shipped_suppressions(), 'the variable suppressions': var('suppressions') or []}.items() -%}
        {%- set names = suppressions | map(attribute='name', default='') | list -%}
        {%- for name in names | unique if names.count(name) > 1 -%}
            {%- do problems.append("Suppression '" ~ name ~ "' stands " ~ names.count(name) ~ " times in " ~ list_name ~ ". Give each its own name.") -%}
        {%- endfor -%}
        {%- do problems.extend(crm_segmentation.unknown_key_problems('Suppression', suppressions, catalogue)) -%}
    {%- endfor -%}
    {%- for suppression in catalogue -%}
        {%- do problems.extend(crm_segmentation.suppression_problems(suppression, segments, traits)) -%}
    {%- endfor -%}
    {%- do crm_segmentation.stop_on_problems('Suppression', 'models/marts/segments/suppressions.yml', problems) -%}
{% endmacro %}


{% macro suppression_problems(suppression, segments, traits) %}
    {%- set problems = [] -%}
    {%- set who = "Suppression '" ~ suppression.name ~ "' " -%}
    {%- if not modules.re.match('^[a-z][a-z0-9_]*$', suppression.name or '') -%}
        {%- do problems.append(who ~ "has a name that is not lower-case words joined by underscores. Rename it, for example already_subscribed.") -%}
    {%- endif -%}
    {%- if not suppression.reason -%}
        {%- do problems.append(who ~ "has no reason. Add one line that says why these contacts are left alone.") -%}
    {%- endif -%}
    {%- if not suppression.segments -%}
        {%- do problems.append(who ~ "names no segments. List those whose offer it concerns, or write segments: ['*'] for all.") -%}
    {%- endif -%}
    {%- for segment in suppression.segments if segment != '*' and segment not in segments -%}
        {%- set near = crm_segmentation.nearest_names(segment, segments) -%}
        {%- do problems.append(
            who ~ "names the segment '" ~ segment ~ "', which does not exist. "
            ~ ("Did you mean " ~ near | join(' or ') ~ "? " if near else "") ~ "Segments stand in models/marts/segments/segments.yml."
        ) -%}
    {%- endfor -%}
    {%- if not 1 <= suppression.criteria | length <= 3 -%}
        {%- do problems.append(who ~ "has " ~ suppression.criteria | length ~ " criteria. Write one to three conditions on traits, all of which must hold.") -%}
    {%- endif -%}
    {%- for criterion in suppression.criteria -%}
        {%- do problems.extend(crm_segmentation.criterion_problems(who, criterion | string, traits)) -%}
    {%- endfor -%}
    {{- return(problems) -}}
{% endmacro %}
