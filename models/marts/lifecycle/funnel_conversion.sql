{%- set conversion_points = {
    'signed_up': (least_of(['known_on', 'signed_up_on', 'subscribed_on']), least_of(['signed_up_on', 'subscribed_on'])),
    'subscribed': (least_of(['signed_up_on', 'subscribed_on']), 'subscribed_on'),
    'interest': ('step_1_on', 'step_2_on'),
    'desire': ('step_2_on', 'step_3_on'),
    'action': ('step_3_on', 'step_4_on'),
} %}

-- Guarantees that who takes a step has taken those before it, so that no conversion comes before what it converts.
with

{{ imports({
    'activation': 'contact_activation',
    'contacts': 'contacts',
    'funnel_steps': 'int_lifecycle__funnel_steps',
}) }}

-- Who takes a step has taken those before it, on that day at the latest.
step_dates as (

    select
        {%- for step in [1, 2, 3, 4] %}
        min(case when step_number >= {{ step }} then reached_on end) as step_{{ step }}_on,
        {%- endfor %}
        contact_id

    from funnel_steps

    group by contact_id

),

dated as (

    select
        {%- for step in [1, 2, 3, 4] %}
        step_dates.step_{{ step }}_on,
        {%- endfor %}
        activation.known_on,
        activation.signed_up_on,
        activation.subscribed_on,
        coalesce(contacts.acquisition_source, 'unknown') as channel

    from activation

    inner join contacts on activation.contact_id = contacts.contact_id

    left join step_dates on activation.contact_id = step_dates.contact_id

),

conversions as (

    {%- for conversion_point, (reached_on, converted_on) in conversion_points.items() %}

    select
        '{{ conversion_point }}' as conversion_point,
        channel,
        {{ reached_on }} as reached_on,
        {{ converted_on }} as converted_on

    from dated
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

),

funnel_conversion as (

    select
        cast(conversion_point as {{ dbt.type_string() }}) as conversion_point,
        cast(channel as {{ dbt.type_string() }}) as channel,
        cast({{ dbt.date_trunc('month', 'reached_on') }} as date) as reached_month,
        cast(count(*) as {{ dbt.type_int() }}) as reached_count,
        cast(count(converted_on) as {{ dbt.type_int() }}) as converted_count,
        {{ rounded_ratio('count(converted_on)', 'count(*)', scale=4) }} as conversion_rate,
        cast({{ median(days_between('reached_on', 'converted_on')) }} as numeric(18, 1)) as median_days_to_convert,
        {{ as_of_date() }} as as_of_date

    from conversions

    where reached_on is not null

    group by conversion_point, channel, cast({{ dbt.date_trunc('month', 'reached_on') }} as date)

)

select * from funnel_conversion
