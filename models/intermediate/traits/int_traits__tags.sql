with

contact_tags as (

    select * from {{ ref('crm_segmentation', 'contact_tags') }}

),

tags as (

    select
        contact_id,
        {{ text_list('tag') }} as tags

    from contact_tags

    group by contact_id

)

select * from tags
