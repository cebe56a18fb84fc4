{# Everything wrong with the variables, in one message, before the first model runs. #}
{% macro check_variables() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set problems = [] -%}
    {%- for name, rule in crm_segmentation.variable_rules().items() -%}
        {%- do problems.extend(crm_segmentation.value_problems(name, var(name), rule)) -%}
    {%- endfor -%}
    {#- What several variables say together is asked once each of them makes sense. -#}
    {%- do problems.extend(crm_segmentation.combination_problems()) if not problems -%}
    {%- do problems.extend(crm_segmentation.preset_problems()) if var('rfm_thresholds') is mapping -%}
    {%- do problems.extend(crm_segmentation.unknown_variable_problems()) -%}
    {%- if problems -%}
        {{- exceptions.raise_compiler_error("Variables in dbt_project.yml (or --vars) need a change:\n  - " ~ problems | join("\n  - ")) -}}
    {%- endif -%}
{% endmacro %}


{# What is wrong with one value, by its rule in variable_rules; an empty list where nothing is. #}
{% macro value_problems(name, value, rule) %}
    {%- set problems = [] -%}
    {%- set is_empty = value is none or (value is string and value == '') -%}
    {%- if is_empty and rule.may_be_empty -%}
        {{- return(problems) -}}
    {%- elif rule.kind == 'map' -%}
        {{- return(crm_segmentation.map_problems(name, value, rule)) -}}
    {%- elif rule.kind == 'list' -%}
        {{- return(crm_segmentation.list_problems(name, value, rule)) -}}
    {%- endif -%}
    {%- set is_number = value is number and value is not boolean -%}
    {%- set is_in_range = is_number and value >= rule.get('lowest', rule.get('above', value)) and value != rule.get('above') and value <= rule.get('highest', value) -%}
    {%- set is_right = {
        'boolean': value is boolean,
        'day': crm_segmentation.is_day(value | string),
        'currency': modules.re.match('^[A-Z]{3}$', value | string) is not none,
        'country': modules.re.match('^[A-Z]{2}$', value | string) is not none,
        'text': value is string and value | trim != '',
        'word': value in rule.get('words', []),
        'whole': value is integer and value is not boolean and is_in_range,
        'number': is_in_range,
        'cut points': value is sequence and value is not string and value is not mapping and value | length > 0
            and value | reject('number') | list | length == 0 and value | sort == value | list,
    }[rule.kind] -%}
    {%- if not is_right -%}
        {%- set empty = ', or leave it empty' if rule.may_be_empty else '' -%}
        {%- do problems.append(name ~ " is " ~ ("empty" if is_empty else "'" ~ value ~ "'") ~ ": write " ~ crm_segmentation.allowed_value(rule) ~ empty ~ ".") -%}
    {%- endif -%}
    {{- return(problems) -}}
{% endmacro %}


{# What a rule of variable_rules allows, in words. #}
{% macro allowed_value(rule) -%}
    {{- return({
        'boolean': 'true or false',
        'day': 'a day as yyyy-mm-dd',
        'currency': 'an ISO 4217 code such as EUR',
        'country': 'an ISO 3166-1 alpha-2 code such as DE',
        'text': 'a name',
        'word': 'one of: ' ~ rule.get('words', []) | map('string') | map('lower') | join(', '),
        'whole': 'a whole number from ' ~ rule.lowest ~ ' to ' ~ rule.highest,
        'number': 'a number ' ~ ('above ' ~ rule.above ~ ' and up to ' if 'above' in rule else 'from ' ~ rule.lowest ~ ' to ') ~ rule.highest,
        'cut points': 'the cut points as a list of numbers in ascending order',
        'list': 'a list of ' ~ rule.of,
        'map': 'values for ' ~ rule.get('keys', rule.get('some_of', [])) | join(', '),
    }[rule.kind]) -}}
{%- endmacro %}


{# What is wrong with a variable that maps names to values. #}
{% macro map_problems(name, value, rule) %}
    {%- if value is not mapping -%}
        {{- return([name ~ " is '" ~ value ~ "': write names with their values, for example {name: value}."]) -}}
    {%- endif -%}
    {%- set problems = [] -%}
    {%- set known = rule.get('keys', rule.get('some_of', value | list)) -%}
    {%- for key in value if key not in known -%}
        {%- do problems.append(name ~ " has the key '" ~ key ~ "', which it does not know. " ~ crm_segmentation.meant(key, known)) -%}
    {%- endfor -%}
    {%- for key in rule.get('keys', []) if key not in value -%}
        {%- do problems.append(name ~ " lacks the key '" ~ key ~ "': write " ~ crm_segmentation.allowed_value(rule.of) ~ ".") -%}
    {%- endfor -%}
    {%- for key in value if key in known -%}
        {%- do problems.extend(crm_segmentation.value_problems(name ~ '.' ~ key, value[key], rule.of)) -%}
    {%- endfor -%}
    {{- return(problems) -}}
{% endmacro %}


{# What is wrong with a variable that is a list: said once where it is none, else for each entry. #}
{% macro list_problems(name, value, rule) %}
    {%- if value is none -%}
        {{- return([]) -}}
    {%- elif value is string or value is mapping or value is not sequence -%}
        {{- return([name ~ " is '" ~ value ~ "': write a list, for example [one, two]; an empty one is []."]) -}}
    {%- endif -%}
    {%- set problems = [] -%}
    {%- for entry in value -%}
        {%- if rule.of in ['segments', 'suppressions', 'experiments'] and entry is not mapping -%}
            {%- do problems.append(name ~ " has the entry '" ~ entry ~ "': write " ~ rule.of ~ " with their names and keys, as in models/marts.") -%}
        {%- elif rule.of == 'seasons' and not crm_segmentation.is_season(entry) -%}
            {%- do problems.append(name ~ " has " ~ entry ~ ": write its first and last day as [\"mm-dd\", \"mm-dd\"].") -%}
        {%- elif rule.of == 'texts' and (entry is not string or not entry) -%}
            {%- do problems.append(name ~ " has the entry '" ~ entry ~ "': write a text in quotes.") -%}
        {%- elif rule.of == 'connectors' -%}
            {%- do problems.extend(crm_segmentation.connector_problems(name, entry, value)) -%}
        {%- elif rule.of == 'raw tables' and not crm_segmentation.raw_contract(entry) -%}
            {%- do problems.append(name ~ " names '" ~ entry ~ "', which is no table of the input contract (models/staging/_raw__sources.yml).") -%}
        {%- elif rule.of in ['features', 'destinations', 'traits'] and entry not in crm_segmentation.known_names(rule.of) -%}
            {%- do problems.append(
                name ~ " names '" ~ entry ~ "', which is no " ~ rule.of[:-1] ~ ". " ~ crm_segmentation.meant(entry, crm_segmentation.known_names(rule.of))
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(problems) -}}
{% endmacro %}


{# The names that a variable may list, by the kind of what it lists. #}
{% macro known_names(kind) %}
    {%- if kind == 'features' -%}
        {{- return(crm_segmentation.feature_tables() | list) -}}
    {%- elif kind == 'destinations' -%}
        {{- return(crm_segmentation.shipped_destinations()) -}}
    {%- endif -%}
    {{- return(crm_segmentation.trait_types() | list) -}}
{% endmacro %}


{# What is wrong with rfm_preset and the cut points that belong to it, as far as the database knows the presets. #}
{% macro preset_problems() %}
    {%- set problems = [] -%}
    {%- set preset_scores = crm_segmentation.seeded_presets() -%}
    {%- if preset_scores and var('rfm_preset') not in preset_scores -%}
        {%- do problems.append(
            "rfm_preset is '" ~ var('rfm_preset') ~ "': write one of seeds/reference/rfm_presets.csv: " ~ preset_scores | join(', ')
            ~ " (a new one needs dbt seed first)."
        ) -%}
    {%- elif preset_scores and var('rfm_method') == 'thresholds' -%}
        {%- for measure, cuts in var('rfm_thresholds').items() if cuts is sequence and cuts | length != preset_scores[var('rfm_preset')] - 1 -%}
            {%- do problems.append(
                "rfm_thresholds." ~ measure ~ " has " ~ cuts | length ~ " cut points, but the preset '" ~ var('rfm_preset') ~ "' has "
                ~ preset_scores[var('rfm_preset')] ~ " scores: write " ~ (preset_scores[var('rfm_preset')] - 1) ~ "."
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(problems) -}}
{% endmacro %}


{# What is wrong with variables that make sense one by one. #}
{% macro combination_problems() %}
    {%- set problems = crm_segmentation.connector_combination_problems() -%}
    {%- if var('engagement_medium_rate') >= var('engagement_high_rate') -%}
        {%- do problems.append(
            "engagement_medium_rate is " ~ var('engagement_medium_rate') ~ " and engagement_high_rate " ~ var('engagement_high_rate')
            ~ ": the first has to be lower."
        ) -%}
    {%- endif -%}
    {%- if not (var('new_days') <= var('active_days') < var('churned_days')) -%}
        {%- do problems.append(
            "new_days, active_days and churned_days are " ~ var('new_days') ~ ", " ~ var('active_days') ~ " and " ~ var('churned_days')
            ~ ": a contact is first new, then active, then churned, so they have to rise."
        ) -%}
    {%- endif -%}
    {%- if var('lapse_warning_days') > var('active_days') -%}
        {%- do problems.append("lapse_warning_days is " ~ var('lapse_warning_days') ~ ": write a whole number from 0 to active_days (" ~ var('active_days') ~ ").") -%}
    {%- endif -%}
    {%- if var('fuzzy_review_probability') >= var('fuzzy_accept_probability') -%}
        {%- do problems.append(
            "fuzzy_review_probability and fuzzy_accept_probability are " ~ var('fuzzy_review_probability') ~ " and "
            ~ var('fuzzy_accept_probability') ~ ": write two probabilities above 0, the second the larger and at most 1."
        ) -%}
    {%- endif -%}
    {%- if var('fuzzy_matching') and not crm_segmentation.has_python_models() -%}
        {%- do problems.append(
            "fuzzy_matching is true, but it is a Python model, and the engine of target '" ~ target.name ~ "' runs none:"
            ~ " set fuzzy_matching: false (records that share an identifier are joined all the same), or choose another target."
        ) -%}
    {%- endif -%}
    {%- set known = {
        'disabled_segments': crm_segmentation.known_segment_names(),
        'lookalike_segments': crm_segmentation.known_segment_names(),
        'disabled_suppressions': ((crm_segmentation.shipped_suppressions() + (var('suppressions') or [])) | map(attribute='name') | list),
    } -%}
    {%- for name, names in known.items() -%}
        {%- for entry in var(name) or [] if entry not in names -%}
            {%- do problems.append(name ~ " names '" ~ entry ~ "', which does not exist. " ~ crm_segmentation.meant(entry, names)) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- return(problems) -}}
{% endmacro %}


{# Names given with --vars that this project does not know. Of a host that installs it as a package only what looks like a misspelt
   name of ours is told: the others are its own. #}
{% macro unknown_variable_problems() %}
    {%- set problems = [] -%}
    {%- set known = crm_segmentation.variable_rules() | list -%}
    {%- for name in crm_segmentation.given_variables() if name not in known and name != 'crm_segmentation' -%}
        {%- set near = crm_segmentation.nearest_names(name, known) -%}
        {%- if near or project_name == 'crm_segmentation' -%}
            {%- do problems.append(name ~ " is no variable of this project. " ~ crm_segmentation.meant(name, known)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(problems) -}}
{% endmacro %}


{# A question for the name that was meant, or the advice to take the wrong one out. #}
{% macro meant(name, known) -%}
    {%- set near = crm_segmentation.nearest_names(name | string, known | list) -%}
    {{- return("Did you mean " ~ near | join(' or ') ~ "?" if near else "Take it out.") -}}
{%- endmacro %}


{# Whether a text is a day of the calendar, yyyy-mm-dd, from 1000 to 2999. #}
{% macro is_day(text) -%}
    {%- if not modules.re.match('^[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$', text) -%}
        {{- return(false) -}}
    {%- endif -%}
    {%- set year, month, day = text[:4] | int, text[5:7] | int, text[8:] | int -%}
    {%- set is_leap_year = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) -%}
    {{- return(day <= (30 if month in [4, 6, 9, 11] else (29 if is_leap_year else 28) if month == 2 else 31)) -}}
{%- endmacro %}


{# Whether a value is the first and the last day of a part of the year, each a month and day of some year. #}
{% macro is_season(value) -%}
    {%- set days = value if value is sequence and value is not string and value is not mapping else [] -%}
    {%- set right = [] -%}
    {%- for day in days if day is string and crm_segmentation.is_day('2000-' ~ day) -%}
        {%- do right.append(day) -%}
    {%- endfor -%}
    {{- return(days | length == 2 and right | length == 2) -}}
{%- endmacro %}


{# The presets that the database knows, with their number of scores. Empty when this run loads them first: a wrong one then
   fails a test of the scores. #}
{% macro seeded_presets() %}
    {%- set key = 'seed.crm_segmentation.rfm_presets' -%}
    {%- if key in selected_resources -%}{{- return({}) -}}{%- endif -%}
    {%- set seed = graph.nodes[key] -%}
    {%- set presets = adapter.get_relation(seed.database, seed.schema, seed.alias) -%}
    {%- if presets is none -%}{{- return({}) -}}{%- endif -%}
    {%- set scores = {} -%}
    {%- for row in run_query('select preset, highest_score - lowest_score + 1 from ' ~ presets ~ ' order by preset').rows -%}
        {%- do scores.update({row[0]: row[1] | int}) -%}
    {%- endfor -%}
    {{- return(scores) -}}
{% endmacro %}
