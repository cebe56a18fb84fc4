{# One row per channel: whether silence is consent, whose decision stands in for a missing one, and the cap in force. #}
{% macro channel_rule_rows() -%}
    {%- set defaults = var('consent_defaults') -%}
    {%- set caps = dict(var('frequency_caps')) -%}
    {%- if crm_segmentation.is_high_season(crm_segmentation.as_of_day()) -%}
        {%- do caps.update(var('frequency_caps_in_season')) -%}
    {%- endif -%}
    {%- for channel, default in defaults.items() -%}
    select
        '{{ channel }}' as channel,
        {{ 'true' if default is sameas true else 'false' }} as is_allowed_by_default,
        cast({{ crm_segmentation.sql_text(default if default is string else none) }} as {{ dbt.type_string() }}) as stand_in_channel,
        cast({{ caps.get(channel, 'null') }} as {{ dbt.type_int() }}) as message_cap
    {%- if not loop.last %}
    union all
    {% endif -%}
    {%- endfor -%}
{%- endmacro %}


{# Whether a day, yyyy-mm-dd, lies in one of high_seasons. #}
{% macro is_high_season(day) -%}
    {%- for first_day, last_day in var('high_seasons') -%}
        {%- if (first_day <= day[5:] <= last_day) or (first_day > last_day and (day[5:] >= first_day or day[5:] <= last_day)) -%}
            {{- return(true) -}}
        {%- endif -%}
    {%- endfor -%}
    {{- return(false) -}}
{%- endmacro %}
