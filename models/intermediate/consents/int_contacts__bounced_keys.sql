{{ config(
    materialized='incremental',
    incremental_strategy=incremental_strategy('append'),
    unique_key=['record_id', 'channel', 'bounced_at', 'identifier_type'],
    on_schema_change='fail',
    full_refresh=false,
    pre_hook="{{ crm_segmentation.forget_keys_of_erased() }}",
) }}

-- Guarantees that an address is remembered as it was when a message to it came back, once for each bounce, and none of an erased person.
with

erased_contacts as (

    select distinct contact_id from {{ ref('crm_segmentation', 'contact_records') }}
    where is_erased

),

{{ imports({
    'objections': 'int_consents__objections',
    'versions': 'base_people__contacts',
    'phone_numbers': 'base_people__phone_numbers',
    'consents': 'contact_consents',
    'countries': ['base_people__spellings', "kind = 'country'"],
}) }}

-- The first build remembers nothing.
new_bounces as (

    select
        objections.contact_id,
        objections.record_id,
        objections.channel,
        objections.counts_from as bounced_at

    from objections

    left join erased_contacts on objections.contact_id = erased_contacts.contact_id
    {%- if is_incremental() %}

    left join {{ this }} as remembered
        on
            objections.record_id = remembered.record_id
            and objections.channel = remembered.channel
            and objections.counts_from = remembered.bounced_at
    {%- endif %}

    where
        erased_contacts.contact_id is null {{ 'and remembered.record_id is null' if is_incremental() }}
        and objections.event_name = 'message_bounced'
        and objections.contact_id is not null

),

-- Of the versions that the raw table still has, the one that held when the message came back; else the first after it.
ranked as (

    select
        new_bounces.*,
        versions.email,
        versions.phone,
        versions.country,
        versions.version_at,
        row_number() over (
            partition by new_bounces.record_id, new_bounces.channel
            order by
                case when versions.version_at <= new_bounces.bounced_at then 0 else 1 end asc,
                case when versions.version_at <= new_bounces.bounced_at then versions.version_at end desc nulls last,
                versions.version_at asc,
                versions.raw_row_hash asc
        ) as version_rank

    from new_bounces

    inner join versions on new_bounces.record_id = {{ hashed_key(['versions.source_system', 'versions.source_contact_id']) }}

    where versions.row_status in ('kept', 'superseded') and coalesce(versions.email, versions.phone) is not null

),

-- What was written after the bounce, and followed by a new consent, may be another address: it has not bounced as far as is known.
bounced_versions as (

    select
        ranked.record_id,
        ranked.channel,
        ranked.bounced_at,
        {{ address_keys('ranked') }}

    from ranked

    left join countries on lower(ranked.country) = countries.spelling

    left join phone_numbers on {{ same_phone('ranked') }}

    left join consents on ranked.contact_id = consents.contact_id and ranked.channel = consents.channel and consents.is_granted

    where
        ranked.version_rank = 1
        and (ranked.version_at <= ranked.bounced_at or not coalesce(consents.counts_from > ranked.bounced_at, false))

),

bounced_keys as (
    {%- for identifier_type in ['email', 'phone'] %}

    select
        record_id,
        channel,
        bounced_at,
        '{{ identifier_type }}' as identifier_type,
        {{ identifier_type }}_key as identifier_key

    from bounced_versions

    where {{ identifier_type }}_key is not null
    {{- '\n\n    union all' if not loop.last }}
    {%- endfor %}

)

select * from bounced_keys
