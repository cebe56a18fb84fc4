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
    {%- if not problems and not (var('new_days') <= var('active_days') < var('churned_days')) -%}
        {%- do problems.append(
            "new_days, active_days and churned_days are " ~ var('new_days') ~ ", " ~ var('active_days') ~ " and " ~ var('churned_days')
            ~ ": a contact is first new, then active, then churned, so they have to rise."
        ) -%}
    {%- endif -%}
    {%- if var('attribution_model') not in ['last_touch', 'first_touch', 'linear'] -%}
        {%- do problems.append("attribution_model is '" ~ var('attribution_model') ~ "': write last_touch, first_touch or linear.") -%}
    {%- endif -%}
    {%- for name, (lowest, highest) in {
        'attribution_window_days': (1, 3650), 'segment_outcome_days': (1, 3650),
        'global_holdout_percent': (0, 50), 'segment_holdout_percent': (0, 50),
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
