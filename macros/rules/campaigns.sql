{# How the credit for a conversion is shared among the messages before it: by attribution_model, in parts that add up to 1.
   Linear parts are differences of rounded running totals, because three times .333333 is not 1. #}
{% macro credit_share(touch_number, touch_count) -%}
    {%- if var('attribution_model') == 'linear' -%}
        {{ crm_segmentation.rounded_ratio(touch_number, touch_count, 6) }}
    - {{ crm_segmentation.rounded_ratio('(' ~ touch_number ~ ' - 1)', touch_count, 6) }}
    {%- elif var('attribution_model') == 'first_touch' -%}
        case when {{ touch_number }} = 1 then 1 else 0 end
    {%- else -%}
        case when {{ touch_number }} = {{ touch_count }} then 1 else 0 end
    {%- endif -%}
{%- endmacro %}


{# The credited part of an amount, shared in the same way, so that the parts add up to the cent. #}
{% macro credited_amount(amount, touch_number, touch_count) -%}
    {%- if var('attribution_model') == 'linear' -%}
        {{ crm_segmentation.rounded_ratio(amount ~ ' * ' ~ touch_number, touch_count, 2) }}
        - {{ crm_segmentation.rounded_ratio(amount ~ ' * (' ~ touch_number ~ ' - 1)', touch_count, 2) }}
    {%- else -%}
        {{ amount }} * {{ crm_segmentation.credit_share(touch_number, touch_count) }}
    {%- endif -%}
{%- endmacro %}


{# When things happened to a message, over its events. A click tells that the message was opened and an opening that it
   arrived, where the mailer kept quiet about it. #}
{% macro message_moments() -%}
    {%- set opened = "'message_opened', 'message_clicked', 'message_replied'" -%}
    {%- set arrived = "'message_delivered', " ~ opened -%}
    min(channel) as channel,
    min(occurred_at) as sent_at,
    min(case when event_name in ({{ arrived }}) then occurred_at end) as delivered_at,
    min(case when event_name in ({{ opened }}) then occurred_at end) as opened_at,
    min(case when event_name = 'message_clicked' then occurred_at end) as clicked_at,
    min(case when event_name = 'message_replied' then occurred_at end) as replied_at,
    min(case when event_name = 'message_bounced' then occurred_at end) as bounced_at,
    min(case when event_name = 'message_unsubscribed' then occurred_at end) as unsubscribed_at,
    min(case when event_name = 'message_complained' then occurred_at end) as complained_at,
    max(case when event_name in ({{ arrived }}) then occurred_at end) as last_arrived_at,
    max(case when event_name = 'message_bounced' then occurred_at end) as last_bounced_at
{%- endmacro %}


{# Its columns. #}
{% macro message_moment_columns() -%}
    {{- return([
        'channel', 'sent_at', 'delivered_at', 'opened_at', 'clicked_at', 'replied_at', 'bounced_at', 'unsubscribed_at',
        'complained_at', 'last_arrived_at', 'last_bounced_at',
    ]) -}}
{%- endmacro %}


{# What can happen to a message, by the column of campaign_sends that says when. #}
{% macro message_outcomes() -%}
    {{- return(['delivered', 'opened', 'clicked', 'replied', 'converted', 'bounced', 'unsubscribed', 'complained']) -}}
{%- endmacro %}


{# Aggregates over campaign_sends. #}
{% macro campaign_counts() -%}
    count(*) as sent_count,
    {#- Few get a campaign more than once, so that few have to be told apart. #}
    count(case when contact_send_count = 1 then 1 end) + count(distinct case when contact_send_count > 1 then contact_id end) as contact_count,
    {%- for outcome in crm_segmentation.message_outcomes() %}
    count({{ outcome }}_at) as {{ outcome }}_count,
    {%- endfor %}
    sum(credited_conversion_count) as credited_conversion_count,
    sum(credited_revenue) as revenue,
    avg(cast({{ dbt.datediff('sent_at', 'converted_at', 'second') }} as {{ crm_segmentation.double_type() }})) / 3600e0 as mean_hours_to_convert
{%- endmacro %}


{# The same columns with 0 for a campaign that sent nothing. #}
{% macro campaign_totals(relation) -%}
    coalesce({{ relation }}.sent_count, 0) as sent_count,
    coalesce({{ relation }}.contact_count, 0) as contact_count,
    {%- for outcome in crm_segmentation.message_outcomes() %}
    coalesce({{ relation }}.{{ outcome }}_count, 0) as {{ outcome }}_count,
    {%- endfor %}
    coalesce({{ relation }}.credited_conversion_count, 0) as credited_conversion_count,
    coalesce({{ relation }}.revenue, 0) as revenue,
    {{ relation }}.mean_hours_to_convert
{%- endmacro %}


{# Counts, money, and rates per message sent, each with its Wilson interval. #}
{% macro campaign_measures() -%}
    {%- set double = crm_segmentation.double_type() -%}
    cast(sent_count as bigint) as sent_count,
    cast(contact_count as bigint) as contact_count,
    {%- for outcome in crm_segmentation.message_outcomes() %}
    cast({{ outcome }}_count as bigint) as {{ outcome }}_count,
    {%- endfor %}
    cast(credited_conversion_count as numeric(18, 6)) as credited_conversion_count,
    cast(revenue as numeric(18, 2)) as revenue,
    cast(cost as numeric(18, 2)) as cost,
    cast(revenue - cost as numeric(18, 2)) as profit,
    cast((revenue - cost) as {{ double }}) / nullif(cast(cost as {{ double }}), 0e0) as return_on_investment,
    cast(revenue as {{ double }}) / nullif(cast(contact_count as {{ double }}), 0e0) as revenue_per_recipient,
    cast((revenue - cost) as {{ double }}) / nullif(cast(contact_count as {{ double }}), 0e0) as profit_per_recipient,
    cast(mean_hours_to_convert as {{ double }}) as mean_hours_to_convert
    ,
    {{ crm_segmentation.rates_with_intervals(crm_segmentation.message_outcomes(), 'sent_count') }}
{%- endmacro %}


{# For every outcome its count by the total, with the ends of the Wilson interval. #}
{% macro rates_with_intervals(outcomes, total) -%}
    {%- set double = crm_segmentation.double_type() -%}
    {%- for outcome in outcomes -%}
    cast({{ outcome }}_count as {{ double }}) / nullif(cast({{ total }} as {{ double }}), 0e0) as {{ outcome }}_rate,
    cast({{ crm_segmentation.wilson_bound(outcome ~ '_count', total, '-') }} as {{ double }}) as {{ outcome }}_rate_low,
    cast({{ crm_segmentation.wilson_bound(outcome ~ '_count', total, '+') }} as {{ double }}) as {{ outcome }}_rate_high
    {{- ',\n    ' if not loop.last }}
    {%- endfor %}
{%- endmacro %}


{# Whether Mailchimp has sent a campaign: one that is planned has a time of sending, too. #}
{% macro was_sent_by_mailchimp(campaigns) -%}
    {{ campaigns }}.sent_at is not null and coalesce(lower({{ campaigns }}.status), 'sent') not in ('save', 'schedule')
{%- endmacro %}
