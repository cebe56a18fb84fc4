{%- set responses = ['sent', 'delivered', 'bounced', 'opened', 'clicked', 'replied'] %}

-- Guarantees that no rate is more than 1, and that what bounced counts as received by nobody.
with

recent_messages as (

    select * from {{ ref('crm_segmentation', 'int_activity__daily') }}
    where
        {{ in_last_days('occurred_on', 90) }}
        and event_name in (
            {%- for response in responses %}
            'message_{{ response }}'{{ ',' if not loop.last }}
            {%- endfor %}
        )

),

visitors as (

    select * from {{ ref('crm_segmentation', 'int_behaviour__visitors') }}

),

message_counts as (

    select
        {%- for response in responses %}
        sum(case when recent_messages.event_name = 'message_{{ response }}' then recent_messages.event_count else 0 end)
            as {{ response }}_count,
        {%- endfor %}
        {%- for channel in ['email', 'sms', 'push'] %}
        {%- for response in ['sent', 'opened', 'clicked', 'replied'] %}
        cast(
            sum(
                case
                    when recent_messages.event_name = 'message_{{ response }}' and recent_messages.channel = '{{ channel }}'
                        then recent_messages.event_count
                    else 0
                end
            ) as {{ dbt.type_int() }}
        ) as {{ channel }}_{{ response }}_90_days,
        {%- endfor %}
        {%- endfor %}
        visitors.contact_id

    from recent_messages

    inner join visitors
        on
            {{ same_visitor('recent_messages') }}

    group by visitors.contact_id

),

-- A sender that does not report deliveries reports bounces, and everything else has then arrived.
received as (

    select
        *,
        cast({{ greatest_of(['delivered_count', 'sent_count - bounced_count']) }} as bigint) as received_count

    from message_counts

),

-- A message opened twice is two events: no rate is more than 1.
engagement as (

    select
        *,
        {%- for response in ['received', 'opened', 'clicked', 'replied'] %}
        cast({{ response }}_count as {{ dbt.type_int() }}) as messages_{{ response }}_90_days,
        {%- endfor %}
        {{ rounded_ratio(least_of(['opened_count', 'received_count']), 'nullif(received_count, 0)', scale=4) }} as open_rate,
        {{ rounded_ratio(least_of(['clicked_count', 'received_count']), 'nullif(received_count, 0)', scale=4) }} as click_rate,
        {{ engagement_level(greatest_of(['opened_count', 'clicked_count', 'replied_count']), 'received_count') }} as engagement_level

    from received

)

select * from engagement
