{# The last rfm_window_days days before the as-of date, both ends included; all history when it is empty. #}
{% macro in_rfm_window(date) -%}
    {%- if var('rfm_window_days') -%}
        {{ crm_segmentation.days_ago(date) }} <= {{ var('rfm_window_days') }}
    {%- else -%}
        {{ date }} is not null
    {%- endif -%}
{%- endmacro %}


{# quantile: beyond the lower cut point, up to the upper one. thresholds: from the lower one, below the upper one. #}
{% macro in_score_band(measure, band) -%}
    (
        {{ band }}.lower_bound is null
        or {{ measure }} > {{ band }}.lower_bound
        or ({{ band }}.includes_lower_bound and {{ measure }} = {{ band }}.lower_bound)
    )
    and (
        {{ band }}.upper_bound is null
        or {{ measure }} < {{ band }}.upper_bound
        or (not {{ band }}.includes_lower_bound and {{ measure }} = {{ band }}.upper_bound)
    )
{%- endmacro %}


{# The digits side by side; with a dash between them where one may be 10. #}
{% macro rfm_cell(recency_score, frequency_score, monetary_score) -%}
    {%- set digits = [] -%}
    {%- for score in [recency_score, frequency_score, monetary_score] -%}
        {%- do digits.append('cast(' ~ score ~ ' as ' ~ dbt.type_string() ~ ')') -%}
    {%- endfor -%}
    case
        when presets.highest_score > 9 then {{ digits | join(" || '-' || ") }}
        else {{ digits | join(' || ') }}
    end
{%- endmacro %}


{# rfm_thresholds as rows (measure, cut_number, cut_point). #}
{% macro threshold_rows(thresholds) -%}
    {%- set rows = [] -%}
    {%- for measure in ['recency', 'frequency', 'monetary'] -%}
        {%- for threshold in thresholds[measure] -%}
            {%- do rows.append("select '" ~ measure ~ "' as measure, " ~ loop.index ~ " as cut_number, " ~ threshold ~ " as cut_point") -%}
        {%- endfor -%}
    {%- endfor -%}
    {{- rows | join('\nunion all\n') -}}
{%- endmacro %}
