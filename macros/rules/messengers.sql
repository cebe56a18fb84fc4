{# The newest version of each campaign of a system that sends messages. changed_at: the column that says when a version was made. #}
{% macro newest_campaigns(system, changed_at) %}
    select *

    from (
        select
            *,
            row_number() over (
                partition by source_system, campaign_id
                order by {{ changed_at }} desc nulls last, {{ crm_segmentation.by_code_point('campaign_name') }}
            ) as version_place

        from {{ ref('crm_segmentation', 'landed_' ~ system ~ '__campaigns') }}

        where source_system in ({{ crm_segmentation.instances_feeding(system, 'raw_campaigns') }})
    ) as ranked_versions

    where version_place = 1
{% endmacro %}


{# When the first message of each campaign was sent, and on which channels: a start where the system keeps none. #}
{% macro first_messages(system) %}
    select
        source_system,
        campaign_id,
        min(occurred_at) as sent_at,
        min(case when channel = 'email' then channel end) as email_channel,
        min(channel) as any_channel

    from {{ ref('crm_segmentation', 'connected_' ~ system ~ '__messages') }}

    where event_name = 'message_sent'

    group by source_system, campaign_id
{% endmacro %}
