{# Everything wrong with the segments, in one message that says what to write instead. #}
{% macro check_segments() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set meta = crm_segmentation.segment_meta() -%}
    {%- set traits = crm_segmentation.trait_names() -%}
    {%- set groups = (meta.get('exclusive_groups') or []) | map(attribute='name') | list -%}
    {%- set problems = [] -%}
    {%- for list_name, segments in {'segments.yml': meta.get('segments') or [], 'the variable segments': var('segments') or []}.items() -%}
        {%- set names = segments | map(attribute='name', default='') | list -%}
        {%- for name in names | unique if names.count(name) > 1 -%}
            {%- do problems.append("Segment '" ~ name ~ "' stands " ~ names.count(name) ~ " times in " ~ list_name ~ ". Give each its own name.") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for segment in crm_segmentation.segment_catalogue() -%}
        {%- do problems.extend(crm_segmentation.segment_problems(segment, meta, groups, traits)) -%}
    {%- endfor -%}
    {%- if problems -%}
        {{- exceptions.raise_compiler_error("Segments need a change:\n  - " ~ problems | join("\n  - ")) -}}
    {%- endif -%}
{% endmacro %}


{% macro segment_problems(segment, meta, groups, traits) %}
    {%- set problems = [] -%}
    {%- set who = "Segment '" ~ segment.name ~ "' " -%}
    {%- if not modules.re.match('^[a-z][a-z0-9_]*$', segment.name or '') -%}
        {%- do problems.append(who ~ "has a name that is not lower-case words joined by underscores. Rename it, for example lapsed_customers.") -%}
    {%- endif -%}
    {%- if segment.model not in meta.models -%}
        {%- do problems.append(who ~ "has the model '" ~ segment.model ~ "'. Write one of: " ~ meta.models | join(', ') ~ ".") -%}
    {%- endif -%}
    {%- if not segment.goal -%}
        {%- do problems.append(who ~ "has no goal. Add one line that says what it is for, for example goal: Win the next order.") -%}
    {%- endif -%}
    {%- for channel in segment.channels if channel not in meta.channels -%}
        {%- do problems.append(who ~ "names the unknown channel '" ~ channel ~ "'. Write one of: " ~ meta.channels | join(', ') ~ ".") -%}
    {%- endfor -%}
    {%- if segment.priority is not integer -%}
        {%- do problems.append(who ~ "has the priority '" ~ segment.priority ~ "'. Write a whole number; the lowest wins.") -%}
    {%- endif -%}
    {%- if segment.exclusive_group and segment.exclusive_group not in groups -%}
        {%- do problems.append(who ~ "is in the exclusive group '" ~ segment.exclusive_group ~ "', which exclusive_groups does not list. Write one of: " ~ groups | join(', ') ~ ", or add it there.") -%}
    {%- endif -%}
    {%- if segment.criteria | length == 0 -%}
        {%- do problems.append(who ~ "has no criteria. Add one to three conditions on traits.") -%}
    {%- elif segment.criteria | length > 3 -%}
        {%- do problems.append(who ~ "has " ~ segment.criteria | length ~ " criteria; at most three keep a segment explainable. Drop one, or make a trait of two that belong together.") -%}
    {%- endif -%}
    {%- for criterion in segment.criteria -%}
        {%- do problems.extend(crm_segmentation.criterion_problems(who, criterion | string, traits)) -%}
    {%- endfor -%}
    {{- return(problems) -}}
{% endmacro %}


{# A criterion is one condition on one or two traits. Text in quotes is set aside before it is read. #}
{% macro criterion_problems(who, criterion, traits) %}
    {%- set problems = [] -%}
    {%- set bare = modules.re.sub("'[^']*'", "''", criterion) | lower -%}
    {%- for word in ['and', 'or'] if modules.re.search('\\b' ~ word ~ '\\b', bare) -%}
        {%- do problems.append(
            who ~ "hides an `" ~ word ~ "` in the criterion `" ~ criterion ~ "`. "
            ~ ("Make it two criteria" if word == 'and' else "Write `trait in (...)`") ~ ", or add a trait that says it in one word."
        ) -%}
    {%- endfor -%}
    {%- set words = modules.re.findall('[a-z_][a-z0-9_]*', bare) -%}
    {%- set used = [] -%}
    {%- for word in words if word not in ['and', 'or', 'not', 'in', 'is', 'null', 'like', 'true', 'false', 'between', 'distinct', 'from'] -%}
        {%- if word in traits -%}
            {%- do used.append(word) if word not in used -%}
        {%- else -%}
            {%- set near = crm_segmentation.nearest_names(word, traits) -%}
            {%- do problems.append(
                who ~ "uses `" ~ word ~ "` in the criterion `" ~ criterion ~ "`, which is no trait. "
                ~ ("Did you mean " ~ near | join(' or ') ~ "? " if near else "")
                ~ "Traits are the columns of contact_traits (models/marts/contacts/traits/contact_traits.yml)."
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not problems and used | length not in [1, 2] -%}
        {%- do problems.append(who ~ "has the criterion `" ~ criterion ~ "`, which is on " ~ used | length ~ " traits. Write a condition on one trait, or compare two.") -%}
    {%- endif -%}
    {%- if modules.re.search(';|--|/\\*', bare) -%}
        {%- do problems.append(who ~ "has the criterion `" ~ criterion ~ "`, which holds a comment or a semicolon. Write the condition alone.") -%}
    {%- endif -%}
    {{- return(problems) -}}
{% endmacro %}


{# Up to three names that share the most letter pairs with a misspelt one. #}
{% macro nearest_names(word, names) %}
    {%- set scored = [] -%}
    {%- for name in names -%}
        {%- set shared = namespace(count=0) -%}
        {%- for position in range([word | length - 1, 0] | max) if word[position:position + 2] in name -%}
            {%- set shared.count = shared.count + 1 -%}
        {%- endfor -%}
        {%- set likeness = 2 * shared.count / (word | length + name | length) -%}
        {%- do scored.append((-likeness, name)) if likeness > 0.5 -%}
    {%- endfor -%}
    {{- return((scored | sort)[:3] | map(attribute=1) | list) -}}
{% endmacro %}
