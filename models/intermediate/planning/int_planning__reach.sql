{%- set messages = ['email', 'sms', 'push', 'phone', 'direct_mail', 'in_app'] %}
{%- set caps = var('frequency_caps') %}
{%- set caps_in_season = dict(caps, **var('frequency_caps_in_season')) %}

-- A cap that holds somebody back today has passed when the season begins.
with

reachability as (

    select * from {{ ref('crm_segmentation', 'int_audiences__reachability') }}
    where
        way_rank = 1
        and channel in ({{ text_literals(messages) }})
        and coalesce(held_back_reason, 'frequency_cap') = 'frequency_cap'

),

contact_calendars as (

    select * from {{ ref('crm_segmentation', 'int_seasons__contact_calendars') }}

),

caps as (
    {%- for channel in messages %}

    select
        '{{ channel }}' as channel,
        cast({{ caps.get(channel, 'null') }} as {{ dbt.type_int() }}) as message_cap,
        cast({{ caps_in_season.get(channel, 'null') }} as {{ dbt.type_int() }}) as message_cap_in_season
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

reach as (

    select
        contact_calendars.country_code,
        count(distinct reachability.contact_id) as messageable_contact_count,
        sum(caps.message_cap) as messages_per_week,
        sum(caps.message_cap_in_season) as messages_per_week_in_season

    from reachability

    inner join contact_calendars on reachability.contact_id = contact_calendars.contact_id

    inner join caps on reachability.channel = caps.channel

    group by contact_calendars.country_code

)

select * from reach
