with

kept_rows as (

    select * from {{ ref('base_activity__events') }}
    where row_status = 'kept'

),

mapped_names as (

    select * from {{ ref('event_names') }}

),

vocabulary as (

    select * from {{ ref('event_vocabulary') }}

),

named as (

    select
        *,
        {{ snake_case('event_name') }} as source_event_name

    from kept_rows

),

tidied as (

    select
        -- ids
        named.source_system,
        named.event_id,
        named.source_contact_id,
        named.anonymous_id,
        named.campaign_id,
        named.source_product_id,

        -- when and what
        named.occurred_at,
        named.received_at,
        named.event_value,
        named.app_version,
        named.page_path,
        named.properties,

        -- what arrived, for rejected_values
        named.raw_event_value,
        named.raw_received_at,

        -- in one form
        coalesce(vocabulary.event_name, named.event_name) as event_name,
        vocabulary.event_name is not null as is_known_event_name,
        lower(named.channel) as channel,
        lower(named.device_type) as device_type,
        lower(named.operating_system) as operating_system

    from named

    left join mapped_names as own_names
        on named.source_system = own_names.source_system and named.source_event_name = own_names.source_event_name

    left join mapped_names as common_names
        on common_names.source_system = '*' and named.source_event_name = common_names.source_event_name

    left join vocabulary
        on coalesce(own_names.event_name, common_names.event_name, named.source_event_name) = vocabulary.event_name

)

select * from tidied
