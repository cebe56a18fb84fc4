-- Guarantees one row per event that counts, with its names, keys and channel in the forms that everything else compares.
with

-- Names twice, because DuckDB works out every column of a view that reads one table expression twice, whatever is asked of it.
{{ imports({'own_names': 'event_names', 'common_names': 'event_names', 'vocabulary': 'event_vocabulary'}) }}

kept_rows as (

    select -- noqa: ST06
        {%- for key in ['source_contact_id', 'anonymous_id', 'campaign_id', 'source_product_id'] %}
        {{ known_key(key) }} as known_{{ key }},
        {%- endfor %}
        *

    from {{ ref('crm_segmentation', 'base_activity__events') }}

    where row_status = 'kept'

),

channels as (

    select * from {{ ref('crm_segmentation', 'base_people__spellings') }}
    where kind = 'channel'

),

tidied as (

    select -- noqa: ST06
        -- ids
        kept_rows.source_system,
        kept_rows.event_id,
        kept_rows.known_source_contact_id as source_contact_id,
        kept_rows.known_anonymous_id as anonymous_id,
        kept_rows.known_campaign_id as campaign_id,
        kept_rows.known_source_product_id as source_product_id,

        -- who
        case
            when kept_rows.known_source_contact_id is not null then 'contact'
            when kept_rows.known_anonymous_id is not null then 'anonymous'
            else 'none'
        end as visitor_type,
        coalesce(kept_rows.known_source_contact_id, kept_rows.known_anonymous_id, '') as visitor_id,

        -- when and what
        kept_rows.occurred_at,
        cast(kept_rows.occurred_at as date) as occurred_on,
        kept_rows.received_at,
        kept_rows.event_value,
        kept_rows.app_version,
        kept_rows.page_path,
        kept_rows.properties,

        -- what arrived, for rejected_values
        kept_rows.source_contact_id as raw_source_contact_id,
        kept_rows.anonymous_id as raw_anonymous_id,
        kept_rows.campaign_id as raw_campaign_id,
        kept_rows.source_product_id as raw_source_product_id,
        kept_rows.raw_event_value,
        kept_rows.raw_received_at,
        kept_rows.raw_properties,
        case
            when vocabulary.event_name in ('message_complained', 'message_unsubscribed') and channels.stored_value is null
                then kept_rows.channel
        end as raw_channel,

        -- for the rollups
        kept_rows.as_of_date,

        -- in one form
        coalesce(vocabulary.event_name, kept_rows.event_name) as event_name,
        vocabulary.event_name is not null as is_known_event_name,
        coalesce(vocabulary.is_visit, true) as is_visit,
        coalesce(channels.stored_value, lower(kept_rows.channel)) as channel,
        lower(kept_rows.device_type) as device_type,
        lower(kept_rows.operating_system) as operating_system

    from kept_rows

    {{ event_name_joins('kept_rows') }}

    left join channels on {{ channel_spelling('kept_rows.channel') }} = channels.spelling

)

select * from tidied
