-- By what were records joined to their person?
select
    replace(link_type, '_', ' ') as link_type,
    count(*) as record_count
from {{ ref('crm_segmentation', 'contact_record_links') }}
where link_type != 'first_record'
group by link_type
order by record_count desc, link_type asc
