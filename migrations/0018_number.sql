-- A signer of level 1 may be the one who says at which number the code reaches them; at level 2 it is given beforehand.

alter table signer
	drop constraint signer_role_check1,
	add constraint signer_role_check1 check (role <> 'signer' or field is not null and (number is not null or level = 1));
