{# Everything wrong with the segments, in one message that says what to write instead. #}
{% macro check_segments() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set meta = crm_segmentation.segment_meta() -%}
    {%- do crm_segmentation.stop_on_shapes('Segment', 'models/marts/segments/segments.yml', {
        'segments.yml': meta.get('segments') or [], 'the variable segments': var('segments') or [],
    }, ['label', 'model', 'goal', 'offer', 'framing', 'department', 'owner', 'exclusive_group'], ['channels', 'criteria']) -%}
    {%- set traits = crm_segmentation.trait_types() -%}
    {%- set groups = (meta.get('exclusive_groups') or []) | map(attribute='name') | list -%}
    {%- set problems, catalogue = [], crm_segmentation.segment_catalogue() -%}
    {%- for list_name, segments in {'segments.yml': meta.get('segments') or [], 'the variable segments': var('segments') or []}.items() -%}
        {%- set names = segments | map(attribute='name', default='') | list -%}
        {%- for name in names | unique if names.count(name) > 1 -%}
            {%- do problems.append("Segment '" ~ name ~ "' stands " ~ names.count(name) ~ " times in " ~ list_name ~ ". Give each its own name.") -%}
        {%- endfor -%}
        {%- do problems.extend(crm_segmentation.unknown_key_problems('Segment', segments, catalogue)) -%}
    {%- endfor -%}
    {%- for segment in catalogue -%}
        {%- do problems.extend(crm_segmentation.segment_problems(segment, meta, groups, traits)) -%}
    {%- endfor -%}
    {%- do problems.extend(crm_segmentation.vocabulary_problems(meta, groups, traits)) -%}
    {%- for segment in (meta.get('segments') or []) + (var('segments') or []) if segment.get('channels') is none -%}
        {%- do exceptions.warn(
            "Segment '" ~ segment.get('name') ~ "' names no channels, so nobody in it can be sent anything. Add some, for example"
            ~ " channels: [email], or write channels: [] where it is for counting alone."
        ) -%}
    {%- endfor -%}
    {%- for segment in catalogue if not problems and crm_segmentation.contradiction(segment) -%}
        {%- do exceptions.warn(
            "Segment '" ~ segment.name ~ "' can never match: " ~ crm_segmentation.contradiction(segment)
            ~ ". Change its criteria (" ~ segment.criteria | join('; ') ~ "), or name it in disabled_segments."
        ) -%}
    {%- endfor -%}
    {%- do crm_segmentation.stop_on_problems('Segment', 'models/marts/segments/segments.yml', problems) -%}
{% endmacro %}


{# Stops at entries that are none, or have a value of another kind than is read: what else is wrong with them would be told in riddles. #}
{% macro stop_on_shapes(kind, file, lists, texts, text_lists) %}
    {%- set problems = [] -%}
    {%- for list_name, entries in lists.items() -%}
        {%- if entries is mapping or entries is string or entries is not iterable -%}
            {%- do problems.append(list_name ~ " is '" ~ entries ~ "': write a list of " ~ kind | lower ~ "s with their names and keys.") -%}
        {%- else -%}
            {%- for entry in entries -%}
                {%- do problems.extend(crm_segmentation.shape_problems(kind, list_name, loop.index, entry, texts, text_lists)) -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do crm_segmentation.stop_on_problems(kind, file, problems) -%}
{% endmacro %}


{# Stops with everything that is wrong with a catalogue. #}
{% macro stop_on_problems(kind, file, problems) %}
    {%- if problems -%}
        {{- exceptions.raise_compiler_error(
            kind ~ "s (" ~ file ~ ", or the variable " ~ kind | lower ~ "s) need a change:\n  - " ~ problems | join("\n  - ")
        ) -}}
    {%- endif -%}
{% endmacro %}


{# What is wrong with the kinds of an entry's values: texts are keys that hold a text, text_lists keys that hold a list of them, or one. #}
{% macro shape_problems(kind, list_name, number, entry, texts, text_lists) %}
    {%- set problems = [] -%}
    {%- if entry is not mapping -%}
        {{- return([kind ~ " number " ~ number ~ " of " ~ list_name ~ " is '" ~ entry ~ "': write its name and its keys."]) -}}
    {%- endif -%}
    {%- set name = entry.get('name') -%}
    {%- if name is not string -%}
        {%- do problems.append(
            kind ~ " number " ~ number ~ " of " ~ list_name ~ (" has no name" if name is none else " has the name " ~ name ~ ", which is no text")
            ~ ": write one in lower-case words joined by underscores."
        ) -%}
    {%- endif -%}
    {%- set who = kind ~ " '" ~ name ~ "' has " -%}
    {%- for key in texts if entry.get(key) is not none and entry.get(key) is not string -%}
        {%- do problems.append(who ~ "the " ~ key ~ " '" ~ entry.get(key) ~ "', which is no text. Write one, in quotes where it looks like something else.") -%}
    {%- endfor -%}
    {%- for key in text_lists if entry.get(key) is not none and entry.get(key) is not string -%}
        {%- set value = entry.get(key) -%}
        {%- if value is mapping or value is not iterable -%}
            {%- do problems.append(who ~ key ~ " '" ~ value ~ "', which is no list. Write one, for example " ~ key ~ ": [one, two].") -%}
        {%- else -%}
            {%- for item in value if item is not string or not item | trim -%}
                {%- do problems.append(who ~ "'" ~ item ~ "' under " ~ key ~ ", which is no text. Write one, or take it out.") -%}
            {%- endfor -%}
            {%- for item in value | unique if value.count(item) > 1 -%}
                {%- do problems.append(who ~ "'" ~ item ~ "' " ~ value.count(item) ~ " times under " ~ key ~ ". Write it once.") -%}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(problems) -}}
{% endmacro %}


{# What is wrong with the exclusive groups and the values of traits that stand above the segments. #}
{% macro vocabulary_problems(meta, groups, traits) %}
    {%- set problems = [] -%}
    {%- set listed = meta.get('exclusive_groups') or [] -%}
    {%- do problems.extend(crm_segmentation.unknown_key_problems('The exclusive group', listed, [{'name': none, 'complete': none}])) -%}
    {%- for group in listed -%}
        {%- if group.get('complete', false) is not boolean -%}
            {%- do problems.append("The exclusive group '" ~ group.get('name') ~ "' has complete '" ~ group.complete ~ "'. Write true or false.") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in groups | unique if groups.count(name) > 1 -%}
        {%- do problems.append("The exclusive group '" ~ name ~ "' stands " ~ groups.count(name) ~ " times in exclusive_groups. Keep one.") -%}
    {%- endfor -%}
    {%- for trait in meta.get('trait_values') or {} if trait not in traits -%}
        {%- do problems.append("trait_values names '" ~ trait ~ "', which is no trait. " ~ crm_segmentation.meant(trait, traits)) -%}
    {%- endfor -%}
    {{- return(problems) -}}
{% endmacro %}


{% macro segment_problems(segment, meta, groups, traits) %}
    {%- set problems = [] -%}
    {%- set who = "Segment '" ~ segment.name ~ "' " -%}
    {%- if not modules.re.match('^[a-z][a-z0-9_]*$', segment.name or '') -%}
        {%- do problems.append(who ~ "has a name that is not lower-case words joined by underscores. Rename it, for example lapsed_customers.") -%}
    {%- endif -%}
    {%- if segment.name in ['all', 'everyone'] -%}
        {%- do problems.append(who ~ "has a name that stands for all contacts. Rename it.") -%}
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
    {%- if segment.department and segment.department not in meta.departments -%}
        {%- do problems.append(who ~ "has the department '" ~ segment.department ~ "'. Write one of: " ~ meta.departments | join(', ') ~ ", or leave it out.") -%}
    {%- endif -%}
    {%- if segment.reviewed_on and not crm_segmentation.is_day(segment.reviewed_on | string) -%}
        {%- do problems.append(who ~ "has the review date '" ~ segment.reviewed_on ~ "'. Write reviewed_on as a day in quotes, for example \"2026-05-11\".") -%}
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


{# A criterion is one condition on one or two traits. Text in quotes is set aside before it is read. traits: types by name. #}
{% macro criterion_problems(who, criterion, traits) %}
    {%- set problems = [] -%}
    {%- set where = "the criterion `" ~ criterion ~ "`" -%}
    {%- set bare = modules.re.sub("'[^']*'", "''", criterion) | lower -%}
    {#- between has an and of its own. -#}
    {%- set judged = modules.re.sub('\\bbetween\\s+\\S+\\s+and\\s+', 'between ', bare) -%}
    {%- for word in ['and', 'or'] if modules.re.search('\\b' ~ word ~ '\\b', judged) -%}
        {%- do problems.append(
            who ~ "hides an `" ~ word ~ "` in " ~ where ~ ". "
            ~ ("Make it two criteria" if word == 'and' else "Write `trait in (...)`") ~ ", or add a trait that says it in one word."
        ) -%}
    {%- endfor -%}
    {%- if modules.re.search(';|--|/\\*', bare) -%}
        {%- do problems.append(who ~ "has " ~ where ~ ", which holds a comment or a semicolon. Write the condition alone.") -%}
    {%- endif -%}
    {%- if criterion.count("'") % 2 == 1 or bare.count('(') != bare.count(')') -%}
        {%- do problems.append(who ~ "has " ~ where ~ ", in which a quote or a bracket is not closed. Close it.") -%}
    {%- endif -%}
    {%- if '"' in bare -%}
        {%- do problems.append(who ~ "has " ~ where ~ ", which puts a text in double quotes. Write it in single ones.") -%}
    {%- endif -%}
    {%- if '==' in bare -%}
        {%- do problems.append(who ~ "has " ~ where ~ ", which compares with `==`. Write `=`.") -%}
    {%- endif -%}
    {%- for arrow, meant in {'=>': '>=', '=<': '<='}.items() if arrow in bare -%}
        {%- do problems.append(who ~ "has " ~ where ~ ", which compares with `" ~ arrow ~ "`. Write `" ~ meant ~ "`.") -%}
    {%- endfor -%}
    {%- if modules.re.search('(=|<>|<|>)\\s*null\\b', bare) -%}
        {%- do problems.append(who ~ "has " ~ where ~ ", which compares with null and so never holds. Write `is null` or `is not null`.") -%}
    {%- endif -%}
    {%- set grammar = ['and', 'or', 'not', 'in', 'is', 'null', 'like', 'true', 'false', 'between', 'distinct', 'from'] -%}
    {%- for word in modules.re.findall('\\b([a-z_][a-z0-9_]*)\\s*[(]', bare) if word not in grammar -%}
        {%- do problems.append(who ~ "calls " ~ word ~ "() in " ~ where ~ ". Add a trait that holds the result, and compare that.") -%}
    {%- endfor -%}
    {%- set used = [] -%}
    {%- for word in modules.re.findall('[a-z_][a-z0-9_]*', bare) if word not in grammar and not (problems and word not in traits) -%}
        {%- if word in traits -%}
            {%- do used.append(word) if word not in used -%}
        {%- else -%}
            {%- set near = crm_segmentation.nearest_names(word, traits) -%}
            {%- do problems.append(
                who ~ "uses `" ~ word ~ "` in " ~ where ~ ", which is no trait. "
                ~ ("Did you mean " ~ near | join(' or ') ~ "? " if near else "")
                ~ "Traits are the columns of contact_traits (models/marts/traits/contact_traits.yml); a text needs single quotes."
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not problems and used | length not in [1, 2] -%}
        {%- do problems.append(who ~ "has " ~ where ~ ", which is on " ~ used | length ~ " traits. Write a condition on one trait, or compare two.") -%}
    {%- elif not problems -%}
        {%- do problems.extend(crm_segmentation.comparison_problems(who, criterion, where, judged, used, traits)) -%}
    {%- endif -%}
    {%- if not problems and not crm_segmentation.is_whole_condition(bare) -%}
        {%- do problems.append(who ~ "has " ~ where ~ ", which is not complete. Write a trait, a comparison and a value, for example country_code = 'ES'.") -%}
    {%- endif -%}
    {{- return(problems) -}}
{% endmacro %}


{# Whether a criterion reads as one condition from its first word to its last. Brackets are known to be balanced; texts in it are
   empty, names are known to be traits. #}
{% macro is_whole_condition(criterion) %}
    {%- set term = "[-+(\\s]*(?:[a-z_][a-z0-9_]*|[0-9]+(?:[.][0-9]+)?|'')[\\s)]*" -%}
    {%- set value = term ~ "(?:[-+*/%]" ~ term ~ ")*" -%}
    {%- set predicates = [
        "(?:=|<>|!=|<=|>=|<|>)" ~ value,
        "is\\s+(?:not\\s+)?(?:null|true|false|distinct\\s+from\\s+" ~ value ~ ")[\\s)]*",
        "(?:not\\s+)?in\\s*[(]" ~ value ~ "(?:," ~ value ~ ")*",
        "(?:not\\s+)?like\\s*''[\\s)]*",
        "(?:not\\s+)?between\\s+" ~ value ~ "and\\s+" ~ value,
    ] -%}
    {%- set condition = "^\\s*(?:not\\b)?" ~ value ~ "(?:" ~ predicates | join('|') ~ ")?$" -%}
    {{- return(modules.re.match(condition, criterion) is not none) -}}
{% endmacro %}


{# What is compared: one comparison, or a trait that is true or false by itself; a text with texts, a number with numbers. #}
{% macro comparison_problems(who, criterion, where, judged, used, traits) %}
    {%- set problems = [] -%}
    {%- set comparisons = modules.re.findall('<=|>=|<>|!=|=|<|>|\\blike\\b|\\bin\\b|\\bis\\b|\\bbetween\\b', judged) -%}
    {%- if comparisons | length > 1 -%}
        {%- do problems.append(who ~ "has " ~ where ~ ", which compares " ~ comparisons | length ~ " times. Make a criterion of each comparison.") -%}
    {%- elif not comparisons and traits[used[0]] != 'boolean' -%}
        {%- do problems.append(who ~ "has " ~ where ~ ", which says nothing that is true or false. Compare " ~ used[0] ~ " with a value.") -%}
    {%- elif used | length == 1 and comparisons -%}
        {%- set is_text = traits[used[0]] == 'string' -%}
        {%- set has_text = "'" in criterion -%}
        {%- set has_number = modules.re.search('(^|[^a-z0-9_])[0-9]', judged) is not none -%}
        {%- if is_text and has_number -%}
            {%- do problems.append(who ~ "has " ~ where ~ ", which compares the text " ~ used[0] ~ " with a number. Write the value in single quotes.") -%}
        {%- elif has_text and not is_text and traits[used[0]] not in ['date', 'timestamp'] -%}
            {%- do problems.append(who ~ "has " ~ where ~ ", which compares " ~ used[0] ~ " (" ~ traits[used[0]] ~ ") with a text. Write the value without quotes.") -%}
        {%- endif -%}
        {%- set allowed = (crm_segmentation.segment_meta().get('trait_values') or {}).get(used[0]) -%}
        {%- for value in modules.re.findall("'([^']*)'", criterion) if allowed and 'like' not in judged and value not in allowed -%}
            {%- do problems.append(who ~ "has " ~ where ~ ", but " ~ used[0] ~ " is never '" ~ value ~ "'. Write one of: " ~ allowed | join(', ') ~ ".") -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(problems) -}}
{% endmacro %}


{# Why no contact can ever be in a segment: bounds on one trait that leave nothing between them; none where they do. #}
{% macro contradiction(segment) %}
    {%- set lowest, highest = {}, {} -%}
    {%- for criterion in segment.criteria -%}
        {%- set found = modules.re.match('^\\s*([a-z_][a-z0-9_]*)\\s*(<=|>=|<|>|=)\\s*(-?[0-9]+(?:[.][0-9]+)?)\\s*$', criterion | string | lower) -%}
        {%- if found -%}
            {%- set trait, sign, number = found.group(1), found.group(2), found.group(3) | float -%}
            {#- An open bound lies a little beyond its number. -#}
            {%- if sign in ['>', '>=', '='] -%}
                {%- set bound = (number, 1 if sign == '>' else 0) -%}
                {%- do lowest.update({trait: [lowest.get(trait, bound), bound] | max}) -%}
            {%- endif -%}
            {%- if sign in ['<', '<=', '='] -%}
                {%- set bound = (number, -1 if sign == '<' else 0) -%}
                {%- do highest.update({trait: [highest.get(trait, bound), bound] | min}) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for trait in lowest if trait in highest and lowest[trait] > highest[trait] -%}
        {{- return("no " ~ trait ~ " lies between its bounds") -}}
    {%- endfor -%}
    {{- return(none) -}}
{% endmacro %}


{# Keys of entries of a list that no macro reads: a misspelt channels would else be a segment without a channel, and no word about it.
   catalogue: the entries in force, which have every key that is read. more: keys that are read before. #}
{% macro unknown_key_problems(kind, entries, catalogue, more=[]) %}
    {%- set problems = [] -%}
    {#- Where no entry is in force, as the experiments of the demo are not with data of one's own, none is judged. -#}
    {%- set known = catalogue[0].keys() | list + more if catalogue else [] -%}
    {%- for entry in entries if known -%}
        {%- for key in entry.keys() if key not in known -%}
            {%- do problems.append(
                kind ~ " '" ~ entry.get('name', '') ~ "' has the key '" ~ key ~ "', which nothing reads. "
                ~ crm_segmentation.meant(key, known) ~ " Keys are: " ~ known | join(', ') ~ "."
            ) -%}
        {%- endfor -%}
    {%- endfor -%}
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
