{# The table that RFM month ends were scored into so far; none when there is none, or when all are to be scored anew.
   It stands further down the line than who asks, so it cannot be a ref. #}
{% macro scored_month_ends() %}
    {%- if not execute or flags.FULL_REFRESH -%}{{- return(none) -}}{%- endif -%}
    {%- set node = crm_segmentation.model_node('int_rfm__monthly_scores') -%}
    {{- return(adapter.get_relation(node.database, node.schema, node.alias) if node else none) -}}
{% endmacro %}


{# Hook: deletes the month ends that are scored anew, and those beyond rfm_history_months. #}
{% macro forget_due_month_ends() %}
    {%- if load_relation(this) is not none -%}
        {%- set kept = run_query('select month_end from ' ~ ref('crm_segmentation', 'int_rfm__month_ends') ~ ' where not is_due').columns[0].values() -%}
        delete from {{ this }} where {{ 'month_end not in (' if kept else '1 = 1' }}
        {%- for day in kept %}cast('{{ (day | string)[:10] }}' as date){{ ', ' if not loop.last else ')' }}{% endfor -%}
    {%- endif -%}
{% endmacro %}


{# The last month ends up to the as-of date as rows (month_end). #}
{% macro month_end_rows(month_count) -%}
    {%- set day = modules.datetime.datetime.strptime(crm_segmentation.as_of_day(), '%Y-%m-%d') -%}
    {#- The day after a month end is the first of a month. -#}
    {%- set state = namespace(first=(day + modules.datetime.timedelta(days=1)).replace(day=1)) -%}
    {%- for number in range(month_count) -%}
        {%- set month_end = state.first - modules.datetime.timedelta(days=1) -%}
        {%- set state.first = month_end.replace(day=1) -%}
    select cast('{{ month_end.strftime('%Y-%m-%d') }}' as date) as month_end
    {%- if not loop.last %}
    union all
    {% endif -%}
    {%- endfor -%}
{%- endmacro %}


{# What the scores depend on besides the purchases, as a hash: the rules behind the trait rfm_score. #}
{% macro rfm_rules_version(changed={}) -%}
    {{- return(local_md5(crm_segmentation.rule_settings([crm_segmentation.trait_rules('rfm_score')], changed) | join('\n'))[:12]) -}}
{%- endmacro %}
