{# Everything wrong with the variables, in one message, before the first model runs. #}
{% macro check_variables() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set problems = [] -%}
    {%- if crm_segmentation.as_of_day() != crm_segmentation.as_of_variable() -%}
        {%- do problems.append("as_of_date is '" ~ crm_segmentation.as_of_variable() ~ "': write a day as yyyy-mm-dd.") -%}
    {%- endif -%}
    {%- if not modules.re.match('^[A-Z]{3}$', var('reporting_currency') | string) -%}
        {%- do problems.append("reporting_currency is '" ~ var('reporting_currency') ~ "': write an ISO 4217 code such as EUR.") -%}
    {%- endif -%}
    {%- if var('default_country') and not modules.re.match('^[A-Z]{2}$', var('default_country') | string) -%}
        {%- do problems.append("default_country is '" ~ var('default_country') ~ "': write an ISO 3166-1 alpha-2 code such as DE, or leave it empty.") -%}
    {%- endif -%}
    {%- if var('rfm_method') not in ['quantile', 'thresholds'] -%}
        {%- do problems.append("rfm_method is '" ~ var('rfm_method') ~ "': write quantile or thresholds.") -%}
    {%- endif -%}
    {%- for name, values in {'rfm_activity': ['purchases', 'visits'], 'rfm_monetary': ['sum', 'average']}.items() if var(name) not in values -%}
        {%- do problems.append(name ~ " is '" ~ var(name) ~ "': write " ~ values | join(' or ') ~ ".") -%}
    {%- endfor -%}
    {%- set presets = crm_segmentation.seeded_presets() -%}
    {%- if presets and var('rfm_preset') not in presets -%}
        {%- do problems.append("rfm_preset is '" ~ var('rfm_preset') ~ "': write one of seeds/reference/rfm_presets.csv: " ~ presets | join(', ') ~ " (a new one needs dbt seed first).") -%}
    {%- endif -%}
    {%- if var('rfm_window_days') and (var('rfm_window_days') is not integer or var('rfm_window_days') < 1) -%}
        {%- do problems.append("rfm_window_days is '" ~ var('rfm_window_days') ~ "': write a whole number of 1 or more, or leave it empty for all history.") -%}
    {%- endif -%}
    {%- for name in ['demo_data', 'match_email_aliases'] if var(name) is not boolean -%}
        {%- do problems.append(name ~ " is '" ~ var(name) ~ "': write true or false.") -%}
    {%- endfor -%}
    {%- for measure in ['recency', 'frequency', 'monetary'] -%}
        {%- set cuts = var('rfm_thresholds').get(measure) or [] -%}
        {%- if cuts | length == 0 or cuts | sort != cuts -%}
            {%- do problems.append("rfm_thresholds." ~ measure ~ " is " ~ cuts ~ ": list the cut points in ascending order.") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in ['new_days', 'active_days', 'churned_days', 'loyal_orders', 'loyal_window_days'] -%}
        {%- if var(name) is not number or var(name) < (0 if name == 'new_days' else 1) -%}
            {%- do problems.append(name ~ " is '" ~ var(name) ~ "': write a whole number of " ~ (0 if name == 'new_days' else 1) ~ " or more.") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name, lowest, highest in [
        ('late_arrival_days', 0, 3650), ('rfm_history_months', 1, 1200), ('session_timeout_minutes', 1, 1440), ('funnel_cycle_days', 1, 3650),
        ('cart_abandoned_hours', 0, 720), ('hot_lead_days', 0, 90), ('affinity_window_days', 1, 36500), ('affinity_min_orders', 1, 1000000),
        ('clv_horizon_days', 1, 3650), ('lookalike_bin_count', 2, 20),
        ('lookalike_rare_percent', 0, 50), ('lookalike_trait_count', 1, 100), ('trigger_window_days', 0, 90), ('lapse_warning_days', 0, var('active_days') if var('active_days') is integer else 36500),
    ] -%}
        {%- if var(name) is not integer or not lowest <= var(name) <= highest -%}
            {%- do problems.append(name ~ " is '" ~ var(name) ~ "': write a whole number from " ~ lowest ~ " to " ~ highest ~ ".") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for name in ['engagement_high_rate', 'engagement_medium_rate'] if var(name) is not number or not 0 < var(name) <= 1 -%}
        {%- do problems.append(name ~ " is '" ~ var(name) ~ "': write a share above 0 and up to 1, for example 0.5.") -%}
    {%- endfor -%}
    {%- if not problems and var('engagement_medium_rate') >= var('engagement_high_rate') -%}
        {%- do problems.append(
            "engagement_medium_rate is " ~ var('engagement_medium_rate') ~ " and engagement_high_rate " ~ var('engagement_high_rate')
            ~ ": the first has to be lower."
        ) -%}
    {%- endif -%}
    {%- if not problems and not (var('new_days') <= var('active_days') < var('churned_days')) -%}
        {%- do problems.append(
            "new_days, active_days and churned_days are " ~ var('new_days') ~ ", " ~ var('active_days') ~ " and " ~ var('churned_days')
            ~ ": a contact is first new, then active, then churned, so they have to rise."
        ) -%}
    {%- endif -%}
    {%- if not (0 < var('fuzzy_review_probability') | float < var('fuzzy_accept_probability') | float <= 1) -%}
        {%- do problems.append(
            "fuzzy_review_probability and fuzzy_accept_probability are " ~ var('fuzzy_review_probability') ~ " and "
            ~ var('fuzzy_accept_probability') ~ ": write two probabilities above 0, the second the larger and at most 1."
        ) -%}
    {%- endif -%}
    {%- if var('fuzzy_matching') is not boolean -%}
        {%- do problems.append("fuzzy_matching is '" ~ var('fuzzy_matching') ~ "': write true or false.") -%}
    {%- elif var('fuzzy_matching') and not crm_segmentation.has_python_models() -%}
        {%- do problems.append(
            "fuzzy_matching is true, but it is a Python model, and the engine of target '" ~ target.name ~ "' runs none:"
            ~ " set fuzzy_matching: false (records that share an identifier are joined all the same), or choose another target."
        ) -%}
    {%- endif -%}
    {%- for channel, default in var('consent_defaults').items() if default is not boolean and default not in var('consent_defaults') -%}
        {%- do problems.append("consent_defaults." ~ channel ~ " is '" ~ default ~ "': write true, false, or a channel of the list whose decision then counts.") -%}
    {%- endfor -%}
    {%- for name in ['frequency_caps', 'frequency_caps_in_season'] -%}
        {%- for channel, cap in var(name).items() if cap is not integer or cap < 1 or channel not in var('consent_defaults') -%}
            {%- do problems.append(name ~ "." ~ channel ~ " is '" ~ cap ~ "': write a whole number of 1 or more for a channel that consent_defaults lists.") -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for season in var('high_seasons') -%}
        {%- if season | length != 2 or not (season | join(' ') is string and modules.re.match('^(0[1-9]|1[0-2])-[0-3][0-9] (0[1-9]|1[0-2])-[0-3][0-9]$', season | join(' '))) -%}
            {%- do problems.append("high_seasons has " ~ season ~ ": write its first and last day as [\"mm-dd\", \"mm-dd\"].") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if var('lookalike_smoothing') is not number or var('lookalike_smoothing') <= 0 -%}
        {%- do problems.append("lookalike_smoothing is '" ~ var('lookalike_smoothing') ~ "': write a number above 0, for example 10.") -%}
    {%- endif -%}
    {%- set segment_names = crm_segmentation.segment_catalogue() | map(attribute='name') | list -%}
    {%- for name in var('lookalike_segments') or [] if name not in segment_names -%}
        {%- set near = crm_segmentation.nearest_names(name, segment_names) -%}
        {%- do problems.append(
            "lookalike_segments names '" ~ name ~ "', which is no segment in force. "
            ~ ("Did you mean " ~ near | join(' or ') ~ "?" if near else "Take it out of the list.")
        ) -%}
    {%- endfor -%}
    {%- if var('tombstone_days') is not integer or var('tombstone_days') < 1 -%}
        {%- do problems.append("tombstone_days is '" ~ var('tombstone_days') ~ "': write a whole number of 1 or more.") -%}
    {%- endif -%}
    {%- if var('attribution_model') not in ['last_touch', 'first_touch', 'linear'] -%}
        {%- do problems.append("attribution_model is '" ~ var('attribution_model') ~ "': write last_touch, first_touch or linear.") -%}
    {%- endif -%}
    {%- for name, (lowest, highest) in {
        'attribution_window_days': (1, 3650), 'segment_outcome_days': (1, 3650),
        'global_holdout_percent': (0, 50), 'segment_holdout_percent': (0, 50),
        'segment_smallest_count': (1, 1000000000), 'segment_largest_share': (0, 1), 'segment_empty_days': (0, 3650),
        'segment_size_change_limit': (0.000001, 1000), 'segment_past_change_count': (2, 1000), 'segment_drift_limit': (0, 100),
        'segment_drift_days': (1, 3650), 'segment_twin_jaccard': (0, 1), 'segment_review_days': (1, 36500),
        'experiment_window_days': (1, 3650), 'experiment_significance_level': (0.000001, 0.5), 'experiment_power': (0.5, 0.999),
        'experiment_relevant_lift': (0.000001, 1000), 'experiment_minimum_contacts': (2, 1000000000), 'sample_ratio_significance_level': (0, 0.5),
    }.items() -%}
        {%- if var(name) is not number or not lowest <= var(name) <= highest -%}
            {%- do problems.append(name ~ " is '" ~ var(name) ~ "': write a number from " ~ lowest ~ " to " ~ highest ~ ".") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for table in var('raw_tables') if crm_segmentation.raw_contract(table) is none or not crm_segmentation.raw_contract(table) -%}
        {%- do problems.append("raw_tables names '" ~ table ~ "', which is no table of the input contract (models/staging/_raw__sources.yml).") -%}
    {%- endfor -%}
    {%- if problems -%}
        {{- exceptions.raise_compiler_error("Variables in dbt_project.yml (or --vars) need a change:\n  - " ~ problems | join("\n  - ")) -}}
    {%- endif -%}
{% endmacro %}


{# The presets that the database knows. None when this run loads them first: a wrong one then fails a test of the scores. #}
{% macro seeded_presets() %}
    {%- set key = 'seed.crm_segmentation.rfm_presets' -%}
    {%- if key in selected_resources -%}{{- return([]) -}}{%- endif -%}
    {%- set seed = graph.nodes[key] -%}
    {%- set presets = adapter.get_relation(seed.database, seed.schema, seed.alias) -%}
    {%- if presets is none -%}{{- return([]) -}}{%- endif -%}
    {{- return(run_query('select preset from ' ~ presets ~ ' order by preset').columns[0].values() | list) -}}
{% endmacro %}
