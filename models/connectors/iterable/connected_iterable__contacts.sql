{{ config(enabled=is_connected('iterable', 'raw_contacts')) }}

with

users as (

    select
        *,
        {{ address_as_key('user_key') }} as contact_key

    from {{ ref('crm_segmentation', 'landed_iterable__users') }}

    where source_system in ({{ instances_feeding('iterable', 'raw_contacts') }})

),

-- Former versions of a user go on as well: they show addresses that the user had. The first moment is that of all of them.
contacts as (

    select
        source_system,
        contact_key as source_contact_id,
        email,
        phone,
        first_name,
        last_name,
        acquisition_source,
        signed_up_at,
        updated_at,
        loaded_at,
        min(created_at) over (partition by source_system, contact_key) as created_at

    from users

)

select * from contacts
