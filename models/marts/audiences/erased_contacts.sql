with

contacts as (

    select * from {{ ref('crm_segmentation', 'contacts') }}
    where is_erased

),

published as (
    {% for destination in chosen_destinations() %}
    select
        '{{ destination }}' as destination,
        {{ audience_contact_column(destination) }} as contact_id,
        is_member,
        updated_at

    from {{ ref('crm_segmentation', 'audience_' ~ destination ~ '__changes') }}
    {{ 'union all' if not loop.last }}
    {% else %}
    select
        cast(null as {{ dbt.type_string() }}) as destination,
        contact_id,
        false as is_member,
        cast(null as timestamp) as updated_at

    from contacts

    where 1 = 0
    {% endfor %}
),

erased_contacts as (

    select
        contacts.contact_id,
        cast(count(distinct published.destination) as {{ dbt.type_int() }}) as destination_count,
        coalesce(max(case when published.is_member then 1 else 0 end), 0) = 0 as is_removed,
        max(published.updated_at) as told_at

    from contacts

    left join published on contacts.contact_id = published.contact_id

    group by contacts.contact_id

)

select * from erased_contacts
