{# Post-hooks of int_identity__erased_visitors and int_contacts__sessions: what erased people wrote or searched for goes from what is
   stored. Merges, because on Spark an update takes no other table. Where nobody is erased nothing is read. #}
{% macro forget_texts_of_events() -%}
    {%- if crm_segmentation.has_rows(this) -%}
        merge into {{ ref('crm_segmentation', 'base_activity__events') }} as events
        using {{ this }} as erased_visitors
            on {{ crm_segmentation.event_of_visitor('events', 'erased_visitors') }}
        when matched and (
            events.page_path is not null or events.properties is not null or coalesce(events.raw_properties, 'erased') != 'erased'
        ) then update set
            page_path = null,
            properties = null,
            raw_properties = case when events.raw_properties is not null then 'erased' end
    {%- endif -%}
{%- endmacro %}


{# Which campaign led somebody here may stand in a link, and a link may say anything: an id that only erased people show and that
   no campaign has is a text. #}
{% macro forget_campaign_texts_of_events() -%}
    {%- if crm_segmentation.has_rows(this) -%}
        merge into {{ ref('crm_segmentation', 'base_activity__events') }} as events
        using (
            {{ crm_segmentation.campaign_texts(ref('crm_segmentation', 'base_activity__events')) | indent(12) }}
        ) as campaign_texts
            on events.campaign_id = campaign_texts.campaign_id
        when matched then update set campaign_id = null
    {%- endif -%}
{%- endmacro %}


{% macro forget_texts_of_visits() -%}
    {%- if crm_segmentation.has_rows(this) -%}
        merge into {{ ref('crm_segmentation', 'int_activity__visits') }} as visits
        using {{ this }} as erased_visitors
            on
                visits.source_system = erased_visitors.source_system
                and visits.visitor_type = erased_visitors.visitor_type
                and visits.visitor_id = erased_visitors.visitor_id
        when matched and coalesce(visits.first_page_path, visits.last_page_path, visits.first_campaign_id) is not null
            then update set first_page_path = null, last_page_path = null, first_campaign_id = null
    {%- endif -%}
{%- endmacro %}


{% macro forget_topics() -%}
    {%- if crm_segmentation.has_rows(this) -%}
        merge into {{ ref('crm_segmentation', 'int_activity__interests') }} as interests
        using {{ this }} as erased_visitors
            on
                interests.source_system = erased_visitors.source_system
                and interests.visitor_type = erased_visitors.visitor_type
                and interests.visitor_id = erased_visitors.visitor_id
        when matched and interests.topic != '' then delete
    {%- endif -%}
{%- endmacro %}


{% macro campaign_texts(events) %}
    select shown.campaign_id
    from (
        select events.campaign_id
        from {{ events }} as events
        left join {{ this }} as erased_visitors
            on {{ crm_segmentation.event_of_visitor('events', 'erased_visitors') }}
        where events.campaign_id is not null
        group by events.campaign_id
        having count(erased_visitors.visitor_id) = count(*)
    ) as shown
    left join {{ ref('crm_segmentation', 'stg_activity__campaigns') }} as campaigns on shown.campaign_id = campaigns.campaign_id
    where campaigns.campaign_id is null
{% endmacro %}


{# Whether an event as it was taken in is a visitor's, as stg_activity__events names visitors. #}
{% macro event_of_visitor(events, visitors) -%}
    {{ events }}.source_system = {{ visitors }}.source_system
    and coalesce({{ events }}.source_contact_id, {{ events }}.anonymous_id) = {{ visitors }}.visitor_id
    and case when {{ events }}.source_contact_id is not null then 'contact' else 'anonymous' end = {{ visitors }}.visitor_type
{%- endmacro %}


{% macro has_rows(relation) %}
    {%- if not execute -%}{{- return(true) -}}{%- endif -%}
    {{- return(run_query('select 1 as one from ' ~ relation ~ ' limit 1').rows | length > 0) -}}
{% endmacro %}
