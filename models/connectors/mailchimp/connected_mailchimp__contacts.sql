{{ config(enabled=is_connected('mailchimp', 'raw_contacts')) }}

with

members as (

    select
        *,
        row_number() over (
            partition by source_system, member_id
            order by changed_at desc nulls last, {{ by_code_point('list_id') }}
        ) as audience_place

    from {{ ref('crm_segmentation', 'landed_mailchimp__members') }}

    where source_system in ({{ instances_feeding('mailchimp', 'raw_contacts') }})

),

-- Whoever stands in several audiences is one contact. Audiences have fields of their own: of each the one changed last that has it speaks.
contacts as (

    select
        source_system,
        member_id as source_contact_id,
        min(created_at) as created_at,
        min(signed_up_at) as signed_up_at,
        max(changed_at) as updated_at,
        max(loaded_at) as loaded_at,
        {{ value_at_lowest('email', 'audience_place') }} as email,
        {{ value_at_lowest('phone', 'audience_place') }} as phone,
        {{ value_at_lowest('first_name', 'audience_place') }} as first_name,
        {{ value_at_lowest('last_name', 'audience_place') }} as last_name,
        {{ value_at_lowest('address_line', 'audience_place') }} as address_line,
        {{ value_at_lowest('postal_code', 'audience_place') }} as postal_code,
        {{ value_at_lowest('city', 'audience_place') }} as city,
        {{ value_at_lowest('region', 'audience_place') }} as region,
        {{ value_at_lowest('country', 'audience_place') }} as country,
        {{ value_at_lowest('language', 'audience_place') }} as language, -- noqa: RF04
        {{ value_at_lowest('acquisition_source', 'audience_place') }} as acquisition_source,
        {{ value_at_lowest("case when " ~ regexp_like('timezone', '^[A-Za-z]') ~ " then timezone end", 'audience_place') }} as timezone

    from members

    group by source_system, member_id

)

select * from contacts
