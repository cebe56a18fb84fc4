{{ config(enabled=is_connected('dynamics', 'raw_consents')) }}

-- What somebody decided about an address or a number, with its date: everybody who has it decided so. A yes is one to a commercial
-- purpose, and beside no flag that says no; a no is one to any purpose but that of being tracked.
with

people as (

    select
        *,
        lower(email) as email_key,
        {{ regexp_replace_all('phone', '[^0-9]', '') }} as phone_key

    from {{ ref('crm_segmentation', 'connected_dynamics__people') }}

),

address_consents as (

    select
        address_consents.source_system,
        address_consents.decided_at,
        address_consents.loaded_at,
        lower(coalesce(purposes.purpose_name, '')) as purpose_name,
        address_consents.consent_code = 534120001 as is_yes,
        case when address_consents.address like '%@%' then lower(address_consents.address) end as email_key,
        case
            when address_consents.address not like '%@%' then nullif({{ regexp_replace_all('address_consents.address', '[^0-9]', '') }}, '')
        end as phone_key

    from {{ ref('crm_segmentation', 'landed_dynamics__address_consents') }} as address_consents

    left join {{ ref('crm_segmentation', 'landed_dynamics__purposes') }} as purposes
        on address_consents.source_system = purposes.source_system and address_consents.purpose_id = purposes.purpose_id

    where coalesce(address_consents.state, 0) = 0 and address_consents.consent_code in (534120001, 534120002)

),

decisions as (

    select
        people.source_system,
        people.person_id,
        address_consents.loaded_at,
        address_consents.decided_at as occurred_at,
        case when address_consents.email_key is not null then 'email' else 'sms' end as channel,
        case when address_consents.is_yes then 'granted' else 'withdrawn' end as consent_status

    from address_consents

    inner join people
        on
            address_consents.source_system = people.source_system
            and (address_consents.email_key = people.email_key or address_consents.phone_key = people.phone_key)

    where
        (not address_consents.is_yes and address_consents.purpose_name not like '%track%')
        or (
            address_consents.is_yes
            and (address_consents.purpose_name like '%commercial%' or address_consents.purpose_name like '%marketing%')
            and not coalesce(people.takes_no_marketing, false)
            and not coalesce(people.has_opted_out_by_law, false)
            and not (address_consents.email_key is not null and coalesce(people.takes_no_email, false))
            and not (address_consents.email_key is not null and coalesce(people.takes_no_bulk_email, false))
        )

)

select * from decisions
