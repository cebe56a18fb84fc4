with

recipients as (

    {{ recipients_of('shopify') }}

),

-- The prefix tells our tags from those that people set: only ours are taken off.
shopify_contacts as (

    select
        recipients.contact_id,
        recipients.email,
        'crm:' || {{ separated('recipients.segment_names', ', crm:') }} as tags

    from recipients

)

select * from shopify_contacts
