with

contacts as (

    select * from {{ ref('contacts') }}

),

consents as (

    select * from {{ ref('contact_consents') }}
    where channel = 'email' and is_granted

),

rfm_scores as (

    select * from {{ ref('contact_rfm_scores') }}

),

lifecycle_stages as (

    select * from {{ ref('contact_lifecycle_stages') }}

),

memberships as (

    select * from {{ ref('segment_memberships') }}

),

stage_names as (

    select * from {{ ref('hubspot_lifecycle_stages') }}

),

segment_lists as (

    select
        contact_id,
        {{ text_list('segment_name') }} as segment_names

    from memberships

    group by contact_id

),

-- An address is one contact in HubSpot: where several show it, as they may the address of an office, the first has it.
addressed as (

    select
        contacts.*,
        row_number() over (
            partition by contacts.email order by contacts.first_seen_at asc, contacts.contact_id asc
        ) as address_rank

    from contacts

    inner join consents on contacts.contact_id = consents.contact_id

    where contacts.email is not null and not contacts.is_erased

),

-- An empty text clears a property in HubSpot, a null leaves the old value standing. The choices of a
-- multiple-checkbox property are separated by semicolons.
hubspot_contacts as (

    select
        cast(addressed.contact_id as {{ dbt.type_string() }}) as contact_id,
        addressed.email,
        coalesce(addressed.first_name, '') as firstname,
        coalesce(addressed.last_name, '') as lastname,
        coalesce(addressed.phone_e164, '') as phone,
        coalesce(addressed.country_code, '') as country,
        stage_names.hubspot_lifecyclestage as lifecyclestage,
        lifecycle_stages.lifecycle_stage as crm_lifecycle_stage,
        coalesce(rfm_scores.rfm_group, '') as crm_rfm_group,
        coalesce(replace(trim(replace(segment_lists.segment_names, '|', ' ')), ' ', ';'), '') as crm_segments

    from addressed

    inner join lifecycle_stages on addressed.contact_id = lifecycle_stages.contact_id

    inner join stage_names
        on
            lifecycle_stages.lifecycle_stage = stage_names.lifecycle_stage
            and stage_names.funnel_stage in ('*', lifecycle_stages.funnel_stage)

    left join rfm_scores on addressed.contact_id = rfm_scores.contact_id

    left join segment_lists on addressed.contact_id = segment_lists.contact_id

    where addressed.address_rank = 1

)

select * from hubspot_contacts
