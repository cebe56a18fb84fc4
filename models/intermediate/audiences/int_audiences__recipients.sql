-- Guarantees one recipient for each address of a channel, whoever shares it, and nobody who is held back in every segment.
with

{{ imports({'contacts': 'contacts', 'contact_traits': 'contact_traits'}) }}

eligibility as (

    select * from {{ ref('crm_segmentation', 'int_audiences__eligibility') }}
    where held_back_reason is null

),

segment_lists as (

    select
        channel,
        identifier,
        contact_id,
        {{ text_list('segment_name') }} as segment_names

    from eligibility

    group by channel, identifier, contact_id

),

profiles as (

    select
        segment_lists.channel,
        segment_lists.identifier,
        cast(segment_lists.contact_id as {{ dbt.type_string() }}) as contact_id,
        segment_lists.segment_names,

        -- who
        contacts.email,
        contacts.phone_e164,
        contacts.first_name,
        contacts.last_name,
        contacts.gender,
        contacts.city,
        contacts.region,
        contacts.postal_code,
        contacts.country_code,
        contacts.language_code,
        contacts.time_zone,
        contacts.first_seen_at,

        -- where they stand
        contact_traits.lifecycle_stage,
        contact_traits.funnel_stage,
        contact_traits.rfm_group,
        contact_traits.purchase_count

    from segment_lists

    inner join contacts on segment_lists.contact_id = contacts.contact_id

    inner join contact_traits on segment_lists.contact_id = contact_traits.contact_id

),

-- Two people behind one address would be one member of the destination twice: the first known speaks for it.
ranked as (

    select
        *,
        row_number() over (
            partition by
                channel, identifier,
                case
                    when identifier = 'contact_id' then contact_id
                    when identifier = 'phone' then phone_e164
                    else coalesce(email, phone_e164)
                end
            order by first_seen_at asc, contact_id asc
        ) as address_rank

    from profiles

),

recipients as (

    select * from ranked
    where address_rank = 1

)

select * from recipients
