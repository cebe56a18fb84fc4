{# One row per channel: whether silence is consent, whose decision stands in for a missing one, the cap in force, and the caps of
   the next seven days. #}
{% macro channel_rule_rows() -%}
    {%- for channel, default in var('consent_defaults').items() -%}
    select
        '{{ channel }}' as channel,
        {{ 'true' if default is sameas true else 'false' }} as is_allowed_by_default,
        cast({{ crm_segmentation.sql_text(default if default is string else none) }} as {{ dbt.type_string() }}) as stand_in_channel,
        {%- for days_ahead in range(1, 8) %}
        cast({{ crm_segmentation.message_cap(channel, days_ahead) }} as {{ dbt.type_int() }}) as message_cap_in_{{ days_ahead }}_days,
        {%- endfor %}
        cast({{ crm_segmentation.message_cap(channel, 0) }} as {{ dbt.type_int() }}) as message_cap
    {%- if not loop.last %}
    union all
    {% endif -%}
    {%- endfor -%}
{%- endmacro %}


{# The cap of a channel some days after the as-of date; null for none. #}
{% macro message_cap(channel, days_ahead) -%}
    {%- set as_of = modules.datetime.datetime.strptime(crm_segmentation.as_of_day(), '%Y-%m-%d') -%}
    {%- set day = (as_of + modules.datetime.timedelta(days=days_ahead)).strftime('%Y-%m-%d') -%}
    {%- set caps = dict(var('frequency_caps')) -%}
    {%- if crm_segmentation.is_high_season(day) -%}
        {%- do caps.update(var('frequency_caps_in_season')) -%}
    {%- endif -%}
    {{- return(caps.get(channel, 'null')) -}}
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


{# The same of a column of dates. #}
{% macro is_in_high_season(date) -%}
    {%- set month_and_day = '(extract(month from ' ~ date ~ ') * 100 + extract(day from ' ~ date ~ '))' -%}
    (
        {%- for first_day, last_day in var('high_seasons') %}
        {%- set from, to = first_day | replace('-', '') | int, last_day | replace('-', '') | int %}
        ({{ month_and_day }} >= {{ from }} {{ 'and' if from <= to else 'or' }} {{ month_and_day }} <= {{ to }}) or
        {%- endfor %}
        false
    )
{%- endmacro %}


{# The place of a way among those of a contact and channel: the best of them, then those that are closed, first the one that takes most keys. #}
{% macro way_rank() -%}
    row_number() over (
        partition by contact_id, channel
        order by case when held_back_reason is null then 0 else 1 end asc, length(identifier) desc, identifier asc
    )
{%- endmacro %}


{# Since when a verdict on a contact and a way holds; null where no moment is known. Columns of int_audiences__reachability are in reach. #}
{% macro verdict_since() -%}
    case
        when held_back_reason is null and is_granted then decided_at
        when held_back_reason is null or held_back_reason = 'no_consent' then first_seen_at
        when held_back_reason = 'withdrawn' then case when not is_granted then decided_at else key_withdrawn_at end
        when held_back_reason = 'bounced' then standing_bounce_at
        when held_back_reason = 'complained' then coalesce(complained_at, key_complained_at)
        when held_back_reason = 'frequency_cap' then sent_at
    end
{%- endmacro %}


{# The first of the next seven days on which the cap holds a contact back who may be written to today, or no longer does. After
   seven days nothing that has been sent counts. #}
{% macro cap_changes_on(messages, rules) -%}
    {%- set is_at_cap = 'coalesce(' ~ messages ~ '.messages_7_days >= ' ~ rules ~ '.message_cap, false)' -%}
    case
        {%- for days_ahead in range(1, 8) %}
        {%- set sent = messages ~ '.messages_' ~ (7 - days_ahead) ~ '_days' if days_ahead < 7 else '0' %}
        when coalesce({{ sent }} >= {{ rules }}.message_cap_in_{{ days_ahead }}_days, false) != {{ is_at_cap }}
            then {{ crm_segmentation.add_days(crm_segmentation.as_of_date(), days_ahead) }}
        {%- endfor %}
    end
{%- endmacro %}
