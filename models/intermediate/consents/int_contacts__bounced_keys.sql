{{ config(
    materialized='incremental',
    incremental_strategy='append',
    unique_key=['record_id', 'channel', 'bounced_at', 'identifier_type'],
    on_schema_change='fail',
    full_refresh=false,
    pre_hook="{{ crm_segmentation.forget_keys_of_erased() }}",
) }}

with

contact_records as (

    select * from {{ ref('crm_segmentation', 'contact_records') }}

),

erased_contacts as (

    select distinct contact_id

    from contact_records

    where is_erased

),

bounces as (

    select objections.*

    from {{ ref('crm_segmentation', 'int_contacts__objections') }} as objections

    left join erased_contacts on objections.contact_id = erased_contacts.contact_id

    where objections.event_name = 'message_bounced' and erased_contacts.contact_id is null

),

versions as (

    select * from {{ ref('crm_segmentation', 'base_people__contacts') }}
    where row_status in ('kept', 'superseded') and (email is not null or phone is not null)

),

countries as (

    select * from {{ ref('crm_segmentation', 'base_people__spellings') }}
    where kind = 'country'

),

phone_numbers as (

    select * from {{ ref('crm_segmentation', 'base_people__phone_numbers') }}

),

consents as (

    select * from {{ ref('crm_segmentation', 'contact_consents') }}
    where is_granted

),

-- The first build remembers nothing.
remembered as (

    select
        record_id,
        channel,
        {{ 'bounced_at' if is_incremental() else 'counts_from as bounced_at' }}

    from {{ this if is_incremental() else 'bounces' }}

    {{ 'where 1 = 0' if not is_incremental() }}

),

new_bounces as (

    select
        bounces.contact_id,
        bounces.record_id,
        bounces.channel,
        bounces.counts_from as bounced_at

    from bounces

    left join remembered
        on
            bounces.record_id = remembered.record_id
            and bounces.channel = remembered.channel
            and bounces.counts_from = remembered.bounced_at

    where remembered.record_id is null

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

),

-- What was written after the bounce, and followed by a new consent, may be another address: it has not bounced as far as is known.
bounced_versions as (

    select
        ranked.record_id,
        ranked.channel,
        ranked.bounced_at,
        {{ identifier_key(matching_email(email_address('ranked.email'))) }} as email_key,
        {{ identifier_key('phone_numbers.phone_e164') }} as phone_key

    from ranked

    left join countries on lower(ranked.country) = countries.spelling

    left join phone_numbers
        on
            ranked.phone = phone_numbers.phone
            and coalesce({{ phone_country('ranked.country', 'countries.stored_value') }}, '') = coalesce(phone_numbers.country_code, '')

    left join consents on ranked.contact_id = consents.contact_id and ranked.channel = consents.channel

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
    {%- if not loop.last %}

    union all
    {%- endif %}
    {%- endfor %}

)

select * from bounced_keys
