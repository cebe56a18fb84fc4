{# Hook: stops when the parameters that clv_parameter_set names are missing or impossible, and warns when they are another's. It speaks
   when the model is built and not before the run, because the seed may be loaded by the same run. #}
{% macro check_clv_parameters() %}
    {%- if not execute -%}{{- return('') -}}{%- endif -%}
    {%- set name = var('clv_parameter_set') | string -%}
    {%- set sets = crm_segmentation.named_rows(run_query('select * from ' ~ ref('crm_segmentation', 'clv_parameters').render())) -%}
    {%- set known = sets | map(attribute='parameter_set') | sort -%}
    {%- set found = sets | selectattr('parameter_set', 'equalto', name) | list -%}
    {%- set advice = "Fit one with examples/lifetime_value/fit.py, which writes its row into seeds/reference/clv_parameters.csv, then dbt seed -s clv_parameters." -%}
    {%- if not found -%}
        {{- exceptions.raise_compiler_error(
            "clv_parameter_set is '" ~ name ~ "', which is no set of seeds/reference/clv_parameters.csv. Write one of: "
            ~ known | join(', ') ~ ". " ~ advice
        ) -}}
    {%- endif -%}
    {%- set numbers = ['days_per_time_unit', 'rate_shape', 'rate_scale', 'dropout_a', 'dropout_b', 'amount_p', 'amount_q', 'amount_v'] -%}
    {%- set problems = [] -%}
    {%- for number in numbers if found[0][number] is none or found[0][number] <= (1 if number == 'amount_q' else 0) -%}
        {%- do problems.append(number ~ " is " ~ found[0][number] ~ ", but has to be above " ~ (1 if number == 'amount_q' else 0)) -%}
    {%- endfor -%}
    {%- if problems -%}
        {{- exceptions.raise_compiler_error(
            "The set '" ~ name ~ "' of seeds/reference/clv_parameters.csv cannot be used: " ~ problems | join('; ') ~ ". " ~ advice
        ) -}}
    {%- endif -%}
    {%- if found[0].currency != var('reporting_currency') -%}
        {%- do exceptions.warn(
            "contact_lifetime_values: the set '" ~ name ~ "' was fitted in " ~ found[0].currency ~ ", reporting_currency is "
            ~ var('reporting_currency') ~ ". Amounts will be drawn towards a mean of the other currency. " ~ advice
        ) -%}
    {%- elif name == 'demo' and not var('demo_data') -%}
        {%- do exceptions.warn("contact_lifetime_values: the set 'demo' was fitted on the demo's customers, not on yours. " ~ advice) -%}
    {%- endif -%}
{% endmacro %}
